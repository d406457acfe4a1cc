using Prometheus;

namespace Streaming.Node;

/// <summary>
/// What the process and its garbage collector do, in the names that prometheus-net's <see cref="DotNetStats"/> made usual
/// (<c>process_cpu_seconds_total</c>, <c>process_working_set_bytes</c>, <c>dotnet_collection_count_total</c>, ...), and the figures that
/// explain a slow answer: time in pauses, bytes allocated, work that waits for a thread.
/// </summary>
internal static class RuntimeMetrics
{
    public static void Register(IMetricFactory metrics, CollectorRegistry registry)
    {
        DotNetStats.Register(registry);
        var pauses = metrics.CreateCounter(
            "dotnet_gc_pause_seconds_total", "Time for which the garbage collector has stopped all threads.");
        var allocated = metrics.CreateCounter(
            "dotnet_gc_allocated_bytes_total", "Bytes allocated on the managed heap since the process started.");
        var committed = metrics.CreateGauge(
            "dotnet_gc_committed_bytes", "Memory that the managed heap has from the operating system, as of the last collection.");
        var queued = metrics.CreateGauge("dotnet_thread_pool_queue_length", "Work items that wait for a thread of the pool.");
        var threads = metrics.CreateGauge("dotnet_thread_pool_threads", "Threads of the pool.");
        registry.AddBeforeCollectCallback(() =>
        {
            pauses.IncTo(GC.GetTotalPauseDuration().TotalSeconds);
            allocated.IncTo(GC.GetTotalAllocatedBytes());
            committed.Set(GC.GetGCMemoryInfo().TotalCommittedBytes);
            queued.Set(ThreadPool.PendingWorkItemCount);
            threads.Set(ThreadPool.ThreadCount);
        });
    }
}
