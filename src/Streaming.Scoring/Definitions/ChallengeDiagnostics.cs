using System.Globalization;
using Streaming.Hocon;

namespace Streaming.Scoring.Definitions;

/// <summary>Mistakes of challengers. Codes never change their meaning.</summary>
internal static class ChallengeDiagnostics
{
    public static Diagnostic UnknownModel(SourcePosition at, string found, IReadOnlyList<string> known) =>
        new("MD030", at, $"found the model \"{found}\", expected a declared one{NearestName.Phrase(found, known)}");

    public static Diagnostic OtherService(SourcePosition at, ModelDefinition model, ModelDefinition challenged) => new(
        "MD031",
        at,
        $"\"{model.Name}\" reads the feature service \"{model.Service}\" and \"{challenged.Name}\" reads \"{challenged.Service}\"; a " +
        "challenger scores what its champion has read, so make the services equal");

    public static Diagnostic Chain(SourcePosition at, string model, string challenged) => new(
        "MD032",
        at,
        $"\"{model}\" challenges \"{challenged}\", but a champion challenges none, and a challenger is challenged by none; remove one");

    public static Diagnostic OwnRequest(SourcePosition at, string model, string challenged) => new(
        "MD033", at, $"\"{model}\" answers the requests of \"{challenged}\", under its rules; remove \"request\" from \"{model}\"");

    public static Diagnostic NotAShare(SourcePosition at, string key, double found) =>
        new("MD034", at, string.Create(CultureInfo.InvariantCulture, $"\"{key}\" is {found}, expected a share from 0 to 1"));

    public static Diagnostic TooManyCanaries(SourcePosition at, string challenged, double sum) => new(
        "MD035",
        at,
        string.Create(CultureInfo.InvariantCulture, $"the canaries of \"{challenged}\" are {sum} of its entities together, at most 1"));

    public static Diagnostic NoChallenger(SourcePosition at, string key) =>
        new("MD036", at, $"\"{key}\" is for challengers; name the champion with \"challenger-of = MODEL\", or remove it");
}
