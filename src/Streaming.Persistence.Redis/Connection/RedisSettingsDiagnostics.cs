using Streaming.Hocon;

namespace Streaming.Persistence.Redis.Connection;

/// <summary>Every text about a mistake in <c>streaming.redis</c>; the codes are those of the node's settings.</summary>
internal static class RedisSettingsDiagnostics
{
    public static Diagnostic Missing(string key) => new("CF002", new("akka.hocon", 1, 1), $"{key} has no value; set one");

    public static Diagnostic Wrong(RedisSetting setting, string key, string expected) =>
        new("CF003", setting.Position, $"{key} is \"{setting.Text}\"{From(setting)}, expected {expected}");

    public static Diagnostic Unknown(SourcePosition at, string key, string? nearest) =>
        new("CF004", at, $"{key} is not a setting{(nearest is null ? "; remove it" : $"; did you mean \"{nearest}\"?")}");

    public static Diagnostic SecretInFile(SourcePosition at, string key) => new(
        "CF005",
        at,
        $"{key} holds a secret, which must not stand in this file; set it through the environment (reference.conf names the variable) or " +
        "name a file in streaming.redis.password-file");

    public static Diagnostic File(RedisSetting setting, string key, string reason) =>
        new("CF006", setting.Position, $"{key} names \"{setting.Text}\"{From(setting)}, which cannot be read: {reason}");

    private static string From(RedisSetting setting) =>
        setting.Variable is null ? "" : $" (from the environment variable {setting.Variable})";
}
