package dev.tailsampling.stream;

import dev.tailsampling.stream.KafkaSettings.Group;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a {@link Repartitioner}'s group: works until something fails, then begins anew, with other clients, after a
 * pause.
 */
final class RepartitionWorker implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(RepartitionWorker.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Repartitioner.Plan plan;
    private final RepartitionTopic topic;
    private final String name;
    private final Repartitioner.DeadLetters deadLetters;
    private final RepartitionNumbers.Counters counters;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile String problem = "";
    private volatile long lag;
    private Duration pause = FIRST_PAUSE;

    /**
     * Does nothing yet.
     *
     * @param name of this member, the same after a restart if the instance has a name
     */
    RepartitionWorker(Repartitioner.Plan plan, RepartitionTopic topic, String name,
            Repartitioner.DeadLetters deadLetters, RepartitionNumbers.Counters counters) {
        this.plan = plan;
        this.topic = topic;
        this.name = name;
        this.deadLetters = deadLetters;
        this.counters = counters;
    }

    @Override
    public void run() {
        while (!isStopped()) {
            try {
                topic.createIfMissing();
                work();
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    private void work() {
        KafkaSettings settings = plan.kafka().withGroup(group());
        try (RepartitionSession session =
                new RepartitionSession(plan, settings, transactionalId(), deadLetters, counters)) {
            while (!isStopped()) {
                session.step();
                lag = session.lag();
                worked();
            }
            session.commit();
        }
    }

    private Group group() {
        Group group = plan.kafka().group();
        return new Group(plan.groupId(), group.protocol(), group.instanceId() == null ? null : name,
                group.sessionTimeout(), group.offsetReset());
    }

    private String transactionalId() {
        return plan.groupId() + "-" + name;
    }

    private void worked() {
        if (!problem.isEmpty()) {
            LOG.info("topic {} is sorted by trace again", plan.inputTopic());
            problem = "";
        }
        pause = FIRST_PAUSE;
    }

    private void failed(RuntimeException failure) {
        counters.failures.increment();
        String sentence = "topic " + plan.inputTopic() + " is not sorted by trace at the moment: "
                + KafkaErrors.sentence(failure);
        if (!sentence.equals(problem)) {
            LOG.warn("{}; it is tried again", sentence, failure);
        }
        problem = sentence;
        try {
            if (stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
        }
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }

    /** Ends the work soon. */
    void stop() {
        stopped.countDown();
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    String problem() {
        return problem;
    }

    long lag() {
        return lag;
    }
}
