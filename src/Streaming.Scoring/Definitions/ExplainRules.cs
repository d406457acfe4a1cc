using System.Collections.Immutable;

namespace Streaming.Scoring.Definitions;

/// <summary>How a model's contributions are told.</summary>
/// <param name="Top">How many an answer has that was not asked for any; 0 for none.</param>
/// <param name="Texts">By a feature's name, what is said of it.</param>
public sealed record ExplainRules(int Top, ImmutableDictionary<string, FeatureText> Texts)
{
    /// <summary>How many an answer has that was asked for them, where the model does not declare it.</summary>
    public const int Standard = 3;

    /// <summary>The most that an answer can have.</summary>
    public const int Most = 64;

    /// <summary>Nothing is declared.</summary>
    public static ExplainRules None { get; } = new(0, ImmutableDictionary<string, FeatureText>.Empty);
}

/// <summary>What is said of a feature.</summary>
/// <param name="Code">A code that stays, whatever the text becomes; by default the feature's name.</param>
/// <param name="Text">A text for people.</param>
public readonly record struct FeatureText(string Code, string Text);
