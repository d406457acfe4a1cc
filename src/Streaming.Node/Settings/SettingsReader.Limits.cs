using System.Globalization;

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

    /// <summary>A share: a number from 0 to 1.</summary>
    internal double Share(string key)
    {
        var setting = Find(key);
        var fits = double.TryParse(setting?.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
            && share <= 1;
        if (setting is not null && !fits)
        {
            Report(setting, key, "a number from 0 to 1, for instance 0.001 for one in a thousand");
        }

        return share;
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
