using Streaming.Hocon;

namespace Streaming.Node.Settings;

/// <summary>Every text about a mistake in the configuration. Codes never change their meaning.</summary>
internal static class SettingsDiagnostics
{
    public static Diagnostic Include(SourcePosition at, string found) =>
        new("CF001", at, $"found {found}, but includes are not supported; write the keys here");

    public static Diagnostic Missing(string key) =>
        new("CF002", new("akka.hocon", 1, 1), $"{key} has no value; set one");

    public static Diagnostic Wrong(Setting setting, string key, string expected) =>
        new("CF003", setting.Position, $"{key} is \"{setting.Text}\"{From(setting)}, expected {expected}");

    public static Diagnostic Unknown(SourcePosition at, string key, string? nearest) =>
        new("CF004", at, $"{key} is not a setting{(nearest is null ? "; remove it" : $"; did you mean \"{nearest}\"?")}");

    public static Diagnostic UnknownTopic(SourcePosition at, string key, string topic, IEnumerable<string> topics) =>
        new("CF004", at, $"{key} names a topic {topic} that the log never has; there are {string.Join(", ", topics)}");

    public static Diagnostic SecretInFile(SourcePosition at, string key) =>
        new(
            "CF005",
            at,
            $"{key} is a secret and must not stand in this file; set it through the environment (reference.conf names the variable) or " +
            $"name a file in {key}-file");

    public static Diagnostic SecretFile(Setting setting, string key, string reason) =>
        new("CF006", setting.Position, $"{key} names \"{setting.Text}\"{From(setting)}, which cannot be read: {reason}");

    public static Diagnostic UnusableFile(Setting setting, string key, string reason) =>
        new("CF006", setting.Position, $"{key} names \"{setting.Text}\"{From(setting)}, which cannot be used: {reason}");

    public static Diagnostic NoText(SourcePosition at, string key, string expected) =>
        new("CF003", at, $"{key} has another type, expected {expected}");

    public static Diagnostic Owned(SourcePosition at, string key, string instead) =>
        new("CF007", at, $"{key} cannot be set here: {instead}");

    public static Diagnostic SecretProperty(SourcePosition at, string key) =>
        new("CF005", at, $"{key} is a secret and must not stand in this file; take it from the environment with = ${{?NAME}}");

    public static Diagnostic Remoting(SourcePosition at, string key, string fault) => new("CF008", at, $"{key} {fault}");

    public static Diagnostic Refused(SourcePosition at, string key, string value, string said) =>
        new("CF009", at, $"{key} is {value}, which Akka refuses: {said}");

    public static Diagnostic Undefined(SourcePosition at, string name) => new(
        "CF010",
        at,
        $"${{{name}}} has no value: there is neither an environment variable nor a key of this name; set one, or write ${{?{name}}} to " +
        "keep the value before it");

    public static Diagnostic Together(SourcePosition at, string key, string found) => new(
        "CF011",
        at,
        $"{key} puts \"{found}\" together, which is not supported; let one substitution stand for the whole value");

    private static string From(Setting setting) =>
        setting.Variable is null ? string.Empty : $" (from the environment variable {setting.Variable})";
}
