namespace Streaming.Node.Settings;

/// <summary>The keys under <c>streaming.log.embedded</c>.</summary>
public sealed record EmbeddedConnectionSettings(
    string Directory,
    bool SurvivesPowerLoss,
    TimeSpan BusyTimeout,
    TimeSpan PollInterval,
    TimeSpan PollIntervalIdle,
    int QueueLengthMax,
    int TransactionBytesMax,
    RetentionSettings Retention)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    internal static EmbeddedConnectionSettings Read(SettingsReader reader)
    {
        var survives = reader.Flag("streaming.log.embedded.survives-power-loss");
        var busy = reader.Duration("streaming.log.embedded.busy-timeout", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
        var poll = reader.Duration("streaming.log.embedded.poll-interval", TimeSpan.FromMilliseconds(1), s_minute);
        return new(
            reader.Text("streaming.log.embedded.directory"),
            survives,
            busy,
            poll,
            reader.Duration("streaming.log.embedded.poll-interval-idle", poll < s_minute ? poll : s_minute, s_minute),
            reader.WholeNumber("streaming.log.embedded.queue-length-max", 1, 1_000_000),
            reader.WholeNumber("streaming.log.embedded.transaction-bytes-max", 65_536, 256 << 20),
            RetentionSettings.Read(reader));
    }
}
