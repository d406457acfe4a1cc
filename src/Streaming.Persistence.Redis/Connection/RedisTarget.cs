using System.Net;
using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Connection;

/// <summary>The servers as a message needs them: where they are, how they are reached, and which settings say so.</summary>
/// <param name="Where">Their addresses.</param>
/// <param name="HasPassword">Whether a password is sent.</param>
/// <param name="IsTls">Whether connections are encrypted.</param>
/// <param name="Database">The database.</param>
/// <param name="ConnectTimeout">How long connecting may take.</param>
/// <param name="CallTimeout">How long a call may take.</param>
/// <param name="Settings">The names of the settings.</param>
internal sealed record RedisTarget(
    string Where, bool HasPassword, bool IsTls, int Database, TimeSpan ConnectTimeout, TimeSpan CallTimeout, RedisSettingNames Settings)
{
    /// <summary>The servers of the client's options.</summary>
    public static RedisTarget Of(ConfigurationOptions options, int database, RedisSettingNames settings) => new(
        string.Join(',', options.EndPoints.Select(Text)),
        options.Password is { Length: > 0 },
        options.Ssl,
        database,
        TimeSpan.FromMilliseconds(options.ConnectTimeout),
        TimeSpan.FromMilliseconds(options.AsyncTimeout),
        settings);

    private static string Text(EndPoint point) =>
        point is DnsEndPoint named ? FormattableString.Invariant($"{named.Host}:{named.Port}") : $"{point}";
}
