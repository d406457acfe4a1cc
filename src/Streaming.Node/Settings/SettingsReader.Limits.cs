namespace Streaming.Node.Settings;

/// <content>Limits that may be off.</content>
public sealed partial class SettingsReader
{
    /// <summary>A span of time, or <c>off</c>: null.</summary>
    internal TimeSpan? TimeLimit(string key)
    {
        var setting = Find(key);
        var fits = LimitText.TryTime(setting?.Text ?? "off", out var time);
        if (!fits)
        {
            Report(setting!, key, LimitText.TimeExpected);
        }

        return fits ? time : null;
    }

    /// <summary>A number of bytes, or <c>off</c>: null.</summary>
    internal long? BytesLimit(string key)
    {
        var setting = Find(key);
        var fits = LimitText.TryBytes(setting?.Text ?? "off", out var bytes);
        if (!fits)
        {
            Report(setting!, key, LimitText.BytesExpected);
        }

        return fits ? bytes : null;
    }
}
