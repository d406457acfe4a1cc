using Streaming.Cli.Shell;
using Streaming.Features.Plans;
using Streaming.Offline.Training;
using Streaming.Offline.Training.Protocols;
using Streaming.Simulation.Generators;

namespace Streaming.Cli.Commands;

/// <summary>A simulated history that a model learns from.</summary>
/// <param name="WarmUpDays">Days before the first row.</param>
/// <param name="DelayDays">How late labels are.</param>
/// <param name="Days">All days that are gone through.</param>
/// <param name="Build">Goes through them; told how many are done.</param>
internal sealed record SimulatedHistory(
    int WarmUpDays, int DelayDays, int Days, Func<Action<int>, CancellationToken, TrainingSet> Build)
{
    /// <summary>The training of schemas/models whose label simulated clicks get.</summary>
    public const string Training = "simulated";

    private const int FraudDelayDays = 7;

    /// <summary>Of payments, whose frauds are known a week later.</summary>
    /// <param name="service">What the model reads.</param>
    /// <param name="options">The world.</param>
    /// <param name="days">Days to learn from and to test on.</param>
    public static SimulatedHistory OfTransactions(ServicePlan service, TransactionGeneratorOptions options, int days)
    {
        var history = new FraudHistory(service, new TransactionGenerator(options));
        var kept = days + FraudDelayDays;
        return new(
            history.WarmUpDays,
            FraudDelayDays,
            history.WarmUpDays + kept,
            (report, cancellation) => history.Build(history.WarmUpDays, kept, report, cancellation));
    }

    /// <summary>Of clicks, which get the label of a training.</summary>
    /// <param name="service">What the model reads.</param>
    /// <param name="options">The world.</param>
    /// <param name="training">The training.</param>
    /// <param name="days">Days to learn from and to test on.</param>
    /// <exception cref="CliFailure">The training's label is not computed.</exception>
    public static SimulatedHistory OfClicks(ServicePlan service, ClickGeneratorOptions options, TrainingProtocol training, int days)
    {
        var label = training.LookAhead ?? throw new CliFailure(
            ExitCode.Usage,
            $"{training.Position}: the label of a model of clicks is a rule such as label {{ of = user_id, next = ..., within = 1d }}");
        var history = new ClickHistory(service, label, new ClickGenerator(options));
        var kept = days + history.LabelDays;
        return new(
            history.WarmUpDays,
            history.LabelDays,
            history.WarmUpDays + kept + history.LabelDays,
            (report, cancellation) => history.Build(kept, report, cancellation));
    }
}
