using System.Net;

namespace Streaming.Node.Settings;

/// <summary>The keys under <c>streaming.admin</c>.</summary>
public sealed record AdminSettings(IPEndPoint Listen, bool IsEnabled, TimeSpan KeepReplaced)
{
    internal static AdminSettings Read(SettingsReader reader)
    {
        const string Listen = "streaming.admin.listen";
        var listen = reader.EndPoint(Listen);
        if (!IPAddress.IsLoopback(listen.Address) && reader.PositionOf(Listen) is { } at)
        {
            reader.Report(SettingsDiagnostics.NoText(
                at, Listen, "a loopback address: whoever reaches it with the token can rebuild all state"));
        }

        return new(
            listen,
            reader.Flag("streaming.admin.enabled"),
            reader.Duration("streaming.admin.keep-replaced", TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)));
    }
}
