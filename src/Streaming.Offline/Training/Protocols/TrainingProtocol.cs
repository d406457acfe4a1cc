using System.Collections.Immutable;
using Streaming.Hocon;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Training.Protocols;

/// <summary>
/// One <c>training NAME { ... }</c> of schemas/models/*.conf: how models are compared, and how their parameters are chosen without a look
/// at the rows that they are compared on. docs/model-definitions.md is the reference of its keys.
/// </summary>
public sealed record TrainingProtocol
{
    /// <summary>The protocol's name, unique.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is declared.</summary>
    public required SourcePosition Position { get; init; }

    /// <summary>The model that it is about.</summary>
    public required string Model { get; init; }

    /// <summary>A file of feature definitions besides those that nodes read; null where there is none.</summary>
    public required Located<string>? Definitions { get; init; }

    /// <summary>Which column of the input holds which field.</summary>
    public required ColumnMap Map { get; init; }

    /// <summary>Event sources that only this training knows, by name: files of Avro schemas.</summary>
    public ImmutableArray<KeyValuePair<string, Located<string>>> Sources { get; init; } = [];

    /// <summary>The flag of the rows' source that is to be foreseen; null where <see cref="LookAhead"/> says what is.</summary>
    public required Located<string>? Label { get; init; }

    /// <summary>The rule of a label that is computed; null where <see cref="Label"/> holds it.</summary>
    public LookAheadLabel? LookAhead { get; init; }

    /// <summary>The text field of the rows' source that names the card; null where rows have none.</summary>
    public required Located<string>? Card { get; init; }

    /// <summary>The split of every test fold; its start is that of the first validation fold.</summary>
    public required DelayedSplit Split { get; init; }

    /// <summary>The split of every validation fold; by default that of the test folds.</summary>
    public required DelayedSplit ValidationSplit { get; init; }

    /// <summary>The first days of the folds that parameters are chosen on.</summary>
    public required ImmutableArray<DateTimeOffset> Validation { get; init; }

    /// <summary>The first days of the folds that models are compared on.</summary>
    public required ImmutableArray<DateTimeOffset> Test { get; init; }

    /// <summary>How parameters are chosen.</summary>
    public required SearchBudget Search { get; init; }

    /// <summary>How scores are made probabilities.</summary>
    public required CalibrationMethod Calibration { get; init; }

    /// <summary>How a candidate that becomes a model is calibrated; null for as all are.</summary>
    public CalibrationMethod? ServeCalibration { get; init; }

    /// <summary>What decisions cost; null where thresholds are not wanted.</summary>
    public required DecisionCosts? Costs { get; init; }

    /// <summary>What is compared, in order.</summary>
    public required ImmutableArray<TrainingCandidate> Candidates { get; init; }

    /// <summary>The split of the test fold that starts on a day.</summary>
    public DelayedSplit SplitAt(DateTimeOffset start) => Split with { Start = start };

    /// <summary>The split of the validation fold that starts on a day.</summary>
    public DelayedSplit ValidationSplitAt(DateTimeOffset start) => ValidationSplit with { Start = start };
}

/// <summary>How parameters are chosen.</summary>
/// <param name="Trials">How many points of a space are tried: all of them where there are no more, else so many, drawn by lot.</param>
/// <param name="Seed">Chooses the points.</param>
/// <param name="ChooseBy">What the best one is best in, as the mean of the validation folds.</param>
/// <param name="Every">Rounds between two looks at the validation folds.</param>
/// <param name="Patience">Rounds without an improvement after which a trial ends.</param>
public sealed record SearchBudget(int Trials, int Seed, ChosenMetric ChooseBy, int Every, int Patience)
{
    /// <summary>Which of the points that were tried is taken.</summary>
    public ChoiceRule Choose { get; init; }
}

/// <summary>What decisions cost, in the amount's currency.</summary>
/// <param name="MissedFraud">A fraud that is approved; null where it costs <paramref name="MissedFeature"/>.</param>
/// <param name="MissedFeature">The feature that says what a missed fraud costs, such as <c>request.amount</c>.</param>
/// <param name="FalseAlarm">A good one that is declined.</param>
/// <param name="Review">A look at one, whatever comes of it; what it is, is known then.</param>
public sealed record DecisionCosts(double? MissedFraud, Located<string>? MissedFeature, double FalseAlarm, double Review);

/// <summary>One way to make a model.</summary>
/// <param name="Name">The candidate's name, unique in the protocol.</param>
/// <param name="Position">Where it is declared.</param>
/// <param name="Learner">The method.</param>
/// <param name="Service">The feature service whose vector it takes.</param>
/// <param name="Rounds">Most rounds; 1 for a method without rounds.</param>
/// <param name="Space">Each parameter's values to choose from.</param>
/// <param name="Ascending">Features with which the score may only rise, where the parameter <c>monotone</c> is 1; as in groups.</param>
/// <param name="Groups">Features whose worth is shown by leaving them out, by the group's name; each may end in <c>.*</c>.</param>
public sealed record TrainingCandidate(
    string Name,
    SourcePosition Position,
    LearnerKind Learner,
    Located<string> Service,
    int Rounds,
    ImmutableArray<KeyValuePair<string, ImmutableArray<double>>> Space,
    ImmutableArray<Located<string>> Ascending,
    ImmutableArray<KeyValuePair<string, ImmutableArray<Located<string>>>> Groups)
{
    /// <summary>
    /// The feature service that nodes feed the model from, which has the same features from other views; null where that is
    /// <see cref="Service"/>.
    /// </summary>
    public Located<string>? ServeAs { get; init; }

    /// <summary>Which of its points is taken; null for the protocol's rule.</summary>
    public ChoiceRule? Choose { get; init; }
}

/// <summary>A method of learning.</summary>
public enum LearnerKind
{
    /// <summary>Logistic regression on standardised features.</summary>
    LogisticRegression,

    /// <summary>LightGBM's boosted trees.</summary>
    LightGbm,
}

/// <summary>What the best parameters are best in.</summary>
public enum ChosenMetric
{
    /// <summary>The area under the ROC curve.</summary>
    AucRoc,

    /// <summary>Average precision.</summary>
    AveragePrecision,

    /// <summary>Card precision at 100; only where rows have cards.</summary>
    CardPrecision,

    /// <summary>The mean of those that there are.</summary>
    Mean,
}

/// <summary>Which of the points that were tried is taken.</summary>
public enum ChoiceRule
{
    /// <summary>The best.</summary>
    Best,

    /// <summary>The simplest of those that are no more than one standard error of the mean worse than the best.</summary>
    OneStandardError,
}

/// <summary>How scores are made probabilities.</summary>
public enum CalibrationMethod
{
    /// <summary>They stay as they are.</summary>
    None,

    /// <summary>A logistic function of the score's odds.</summary>
    Platt,

    /// <summary>The ascending steps that fit best.</summary>
    Isotonic,
}
