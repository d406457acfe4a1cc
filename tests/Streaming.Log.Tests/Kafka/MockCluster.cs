using System.Runtime.InteropServices;

namespace Streaming.Log.Tests.Kafka;

/// <summary>librdkafka's mock brokers, in this process: the real protocol on the loopback.</summary>
public sealed partial class MockCluster : IDisposable
{
    private const int Producer = 0;
    private readonly IntPtr _client;
    private readonly IntPtr _cluster;

    /// <summary>As Confluent.Kafka itself: the build that needs libsasl2 first, then the one that does not.</summary>
    static MockCluster() => NativeLibrary.SetDllImportResolver(
        typeof(MockCluster).Assembly,
        static (name, assembly, path) => NativeLibrary.TryLoad(name, assembly, path, out var library)
            || NativeLibrary.TryLoad($"centos8-{name}", assembly, path, out library)
            || NativeLibrary.TryLoad($"alpine-{name}", assembly, path, out library) ? library : IntPtr.Zero);

    public MockCluster()
    {
        _client = New(Producer, NewConfig(), IntPtr.Zero, 0);
        _cluster = NewCluster(_client, 1);
        Bootstrap = Marshal.PtrToStringUTF8(Bootstraps(_cluster))!;
    }

    public string Bootstrap { get; }

    public void CreateTopic(string topic, int partitions)
    {
        var error = CreateTopic(_cluster, topic, partitions, 1);
        Assert.Equal(0, error);
    }

    /// <summary>Takes the broker away, or brings it back; its connections break at once.</summary>
    public void SetDown(bool down) => Assert.Equal(0, down ? SetDown(_cluster, 1) : SetUp(_cluster, 1));

    /// <summary>The next request of this kind is answered with an error.</summary>
    public void FailNext(short api, int error) => PushErrors(_cluster, api, 1, [error]);

    public void Dispose()
    {
        DestroyCluster(_cluster);
        Destroy(_client);
    }

    [LibraryImport("librdkafka", EntryPoint = "rd_kafka_conf_new")]
    private static partial IntPtr NewConfig();

    [LibraryImport("librdkafka", EntryPoint = "rd_kafka_new")]
    private static partial IntPtr New(int type, IntPtr config, IntPtr error, nint errorSize);

    [LibraryImport("librdkafka", EntryPoint = "rd_kafka_destroy")]
    private static partial void Destroy(IntPtr client);

    [LibraryImport("librdkafka", EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial IntPtr NewCluster(IntPtr client, int brokers);

    [LibraryImport("librdkafka", EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void DestroyCluster(IntPtr cluster);

    [LibraryImport("librdkafka", EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial IntPtr Bootstraps(IntPtr cluster);

    [LibraryImport("librdkafka", EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateTopic(IntPtr cluster, string topic, int partitions, int replicas);

    [LibraryImport("librdkafka", EntryPoint = "rd_kafka_mock_broker_set_down")]
    private static partial int SetDown(IntPtr cluster, int broker);

    [LibraryImport("librdkafka", EntryPoint = "rd_kafka_mock_broker_set_up")]
    private static partial int SetUp(IntPtr cluster, int broker);

    [LibraryImport("librdkafka", EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    private static partial void PushErrors(IntPtr cluster, short api, nuint count, int[] errors);
}
