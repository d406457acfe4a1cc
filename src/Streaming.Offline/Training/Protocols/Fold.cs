using System.Collections.Immutable;

namespace Streaming.Offline.Training.Protocols;

/// <summary>One split: rows to learn from and the later rows that are foreseen.</summary>
internal sealed record Fold(DateTimeOffset Start, TrainingSet Train, TrainingSet Test)
{
    /// <summary>The folds that start on some days.</summary>
    public static ImmutableArray<Fold> Of(TrainingProtocol protocol, ImmutableArray<DateTimeOffset> starts, TrainingSet set) =>
        [.. starts.Select(start => Of(protocol, start, set))];

    /// <summary>The same rows with some of the features.</summary>
    public Fold WithFeatures(ImmutableArray<string> names) => new(Start, Train.WithFeatures(names), Test.WithFeatures(names));

    private static Fold Of(TrainingProtocol protocol, DateTimeOffset start, TrainingSet set)
    {
        var (train, test) = protocol.SplitAt(start).Apply(set);
        Check(train, start, "learn from");
        Check(test, start, "test on");
        return new(start, train, test);
    }

    private static void Check(TrainingSet part, DateTimeOffset start, string what)
    {
        var frauds = part.Labels.Count(label => label > 0.5f);
        if (frauds == 0 || frauds == part.Rows)
        {
            throw new TrainingException(
                $"the fold of {start:yyyy-MM-dd} has {part.Rows} rows to {what}, {frauds} of them frauds, and needs both kinds: take " +
                "other days in the training's folds, or an input that has them");
        }
    }
}
