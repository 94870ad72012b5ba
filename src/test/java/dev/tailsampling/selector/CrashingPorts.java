package dev.tailsampling.selector;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.InstantSource;

/** Ports that consult a {@link CrashPlan} before and after every call, so that a process can die between any two. */
public final class CrashingPorts {

    private CrashingPorts() {}

    static SelectorPorts of(MemorySource source, MemoryLedger ledger, RecentDecisions recent, ControlLog control,
            TraceExporter exporter, InstantSource clock, CrashPlan plan) {
        return new SelectorPorts(crashing(SpanSource.class, source, plan), crashing(SpanFetcher.class, source, plan),
                crashing(DecisionLog.class, ledger, plan), crashing(RecentDecisions.class, recent, plan),
                crashing(ControlLog.class, control, plan), crashing(TraceExporter.class, exporter, plan), clock);
    }

    /** The port, with a moment to die before and after each call. */
    public static <T> T crashing(Class<T> port, T delegate, CrashPlan plan) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            plan.step("before " + method.getName());
            try {
                Object result = method.invoke(delegate, arguments);
                plan.step("after " + method.getName());
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[]{port}, handler));
    }
}
