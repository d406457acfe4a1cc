using System.Collections.Immutable;

namespace Streaming.Offline.Training.Protocols;

/// <summary>One split: rows to learn from and the later rows that are foreseen.</summary>
internal sealed record Fold(DateTimeOffset Start, TrainingSet Train, TrainingSet Asked)
{
    /// <summary>The folds that parameters are chosen on.</summary>
    public static ImmutableArray<Fold> Validation(TrainingProtocol protocol, TrainingSet set) =>
        [.. protocol.Validation.Select(start => Of(protocol, protocol.ValidationSplitAt(start), set))];

    /// <summary>The folds that models are compared on.</summary>
    public static ImmutableArray<Fold> Test(TrainingProtocol protocol, TrainingSet set) =>
        [.. protocol.Test.Select(start => Of(protocol, protocol.SplitAt(start), set))];

    /// <summary>The last of the folds that models are compared on.</summary>
    public static Fold LastTest(TrainingProtocol protocol, TrainingSet set) => Of(protocol, protocol.SplitAt(protocol.Test.Max()), set);

    /// <summary>The same rows with some of the features.</summary>
    public Fold WithFeatures(ImmutableArray<string> names) => new(Start, Train.WithFeatures(names), Asked.WithFeatures(names));

    private static Fold Of(TrainingProtocol protocol, DelayedSplit split, TrainingSet set)
    {
        var (train, test) = split.Apply(set);
        Check(protocol, train, split.Start, "learn from");
        Check(protocol, test, split.Start, "test on");
        return new(split.Start, train, test);
    }

    private static void Check(TrainingProtocol protocol, TrainingSet part, DateTimeOffset start, string what)
    {
        var positives = part.Labels.Count(label => label > 0.5f);
        if (positives == 0 || positives == part.Rows)
        {
            throw new TrainingException(
                $"the fold of {start:yyyy-MM-dd} has {part.Rows} rows to {what}, {positives} of them " +
                $"{ProtocolTexts.Positives(protocol)}, and needs both kinds: take other days in the training's folds, or an input " +
                "that has them");
        }
    }
}
