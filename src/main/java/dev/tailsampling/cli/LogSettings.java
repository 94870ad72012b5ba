package dev.tailsampling.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.tailsampling.config.SelectorConfig;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * How a service logs, in place of how commands do by logback.xml: with the level and in the format of the configuration,
 * also what libraries log by java.util.logging, and without the configuration's secrets.
 *
 * @param level least weight of what this program logs; libraries are heard from WARN on
 * @param encoder makes lines
 */
record LogSettings(Level level, EncoderBase<ILoggingEvent> encoder) {

    /** The appender of logback.xml. */
    private static final String APPENDER = "stderr";
    private static final String OURS = "dev.tailsampling";

    /** What a configuration asks for. */
    static LogSettings of(SelectorConfig config) {
        LogMask mask = new LogMask(config.secrets());
        return new LogSettings(Level.toLevel(config.observability().logLevel().name()),
                config.observability().jsonLogging()
                        ? new JsonLogEncoder(config.observability().serviceName(), config.app().instanceId(), mask)
                        : new TextLogEncoder(mask));
    }

    /**
     * Logs like this from now on, whatever ends a thread included. Where logging was configured otherwise, by
     * {@code -Dlogback.configurationFile}, that stays.
     */
    void apply() {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (factory instanceof LoggerContext context) {
            apply(context);
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> LoggerFactory.getLogger(LogSettings.class)
                .error("the thread {} ended", thread.getName(), failure));
    }

    void apply(LoggerContext context) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        if (root.getAppender(APPENDER) instanceof OutputStreamAppender<ILoggingEvent> appender) {
            encoder.setContext(context);
            encoder.start();
            Encoder<ILoggingEvent> before = appender.getEncoder();
            appender.setEncoder(encoder);
            before.stop();
            context.getLogger(OURS).setLevel(level);
            root.setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
        }
    }
}
