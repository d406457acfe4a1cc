using System.Collections.Immutable;
using Streaming.Scoring.Requests;
using Streaming.Scoring.Turns;

namespace Streaming.Scoring.Serving;

/// <summary>
/// Every declared model by name, and the version of each that answers. <see cref="Swap(string, string, string?)"/> puts another version
/// in use while requests go on: those that have begun end with the old version, which is disposed of after the last of them. Thread-safe.
/// </summary>
public sealed class ModelSlots : IDisposable
{
    private readonly Lock _swapping = new();
    private readonly Func<ServedModel, ScoreTurns> _turns;
    private readonly TimeProvider _clock;
    private readonly bool _keepsBefore;
    private bool _isDisposed;

    /// <param name="champion">The model that answers POST /score. The slots dispose of it, and of all others.</param>
    /// <param name="others">The other models.</param>
    /// <param name="turns">Makes the turns in which a version scores.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="shadowQueueLimit">Requests that wait to be scored by challengers.</param>
    /// <param name="keepsBefore">Whether the version before is kept open until <see cref="SwapWatch"/> has judged its successor.</param>
    public ModelSlots(
        Scorer champion,
        IEnumerable<Scorer> others,
        Func<ServedModel, ScoreTurns> turns,
        TimeProvider clock,
        int shadowQueueLimit = 1000,
        bool keepsBefore = false)
    {
        (_turns, _clock, _keepsBefore) = (turns, clock, keepsBefore);
        All = [.. others.Prepend(champion).Select(SlotOf)];
        Shadow = new(shadowQueueLimit);
        foreach (var slot in All)
        {
            slot.Challenge(ChallengersOf(slot, shadowQueueLimit), Shadow);
        }
    }

    /// <summary>All of them, the champion first.</summary>
    public ImmutableArray<ModelSlot> All { get; }

    /// <summary>The model that answers POST /score.</summary>
    public ModelSlot Champion => All[0];

    /// <summary>Scores by challengers; whoever owns the slots runs it.</summary>
    public ShadowScores Shadow { get; }

    /// <summary>Called after each swap, on the thread that swapped, with the slot and the version before.</summary>
    public event Action<ModelSlot, ServedModel>? Swapped;

    /// <summary>The model of a name; null if there is none.</summary>
    public ModelSlot? Find(string name) => All.FirstOrDefault(slot => slot.Name == name);

    /// <summary>
    /// Loads a model file and puts it in the place of the version that answers, under the definition's thresholds, fallback and reasons.
    /// Refused unless the file takes the feature service's vector as it is. Blocks while the file is read; requests do not wait.
    /// </summary>
    /// <param name="name">The model's name.</param>
    /// <param name="file">The ONNX file.</param>
    /// <param name="fingerprint">
    /// The <see cref="Features.Plans.ServicePlan.Fingerprint"/> of the service that it was made for; null where that is not known.
    /// </param>
    public SwapResult Swap(string name, string file, string? fingerprint = null)
    {
        if (Find(name) is not { } slot)
        {
            return Unknown();
        }

        var service = slot.Active.Scorer.Service;
        return fingerprint is not null && fingerprint != service.Fingerprint
            ? new SwapResult.Refused(
                $"{file} was made for other definitions of the feature service '{service.Name}' (fingerprint {fingerprint}) than the " +
                $"node has ({service.Fingerprint}); train it again, or restart the node with the definitions that it was made for")
            : Swap(Scorer.Load(slot.Definition with { File = file }, service));
    }

    /// <summary>
    /// Puts a version in the place of the one that answers. The slots own it from then on, and dispose of it if it is refused.
    /// </summary>
    /// <param name="successor">The version; its definition names the model.</param>
    public SwapResult Swap(Scorer successor)
    {
        if (Find(successor.Definition.Name) is not { } slot)
        {
            successor.Dispose();
            return Unknown();
        }

        if ((FaultOf(successor, slot.Active.Scorer) ?? successor.WarmUp()) is { } fault)
        {
            successor.Dispose();
            return new SwapResult.Refused(fault);
        }

        lock (_swapping)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var before = slot.Exchange(slot.Version(successor, _clock.GetUtcNow(), _turns));
            Swapped?.Invoke(slot, before);
            slot.Before?.Turns.Retire();
            slot.Before = _keepsBefore ? before : null;
            if (!_keepsBefore)
            {
                before.Turns.Retire();
            }

            return new SwapResult.Swapped(before.Scorer.ModelId, successor.ModelId);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_swapping)
        {
            _isDisposed = true;
            foreach (var slot in All)
            {
                slot.Active.Turns.Retire();
                slot.Before?.Turns.Retire();
            }
        }
    }

    /// <summary>Goes back to the version before, if a version still answers.</summary>
    internal bool TryRollBack(ModelSlot slot, ServedModel failed)
    {
        lock (_swapping)
        {
            if (_isDisposed || slot.Active != failed || slot.Before is not { } before)
            {
                return false;
            }

            slot.Before = null;
            slot.Exchange(before);
            Swapped?.Invoke(slot, failed);
            failed.Turns.Retire();
            return true;
        }
    }

    /// <summary>Closes the version before, if a version still answers.</summary>
    internal void Settle(ModelSlot slot, ServedModel proven)
    {
        lock (_swapping)
        {
            if (slot.Active == proven)
            {
                slot.Before?.Turns.Retire();
                slot.Before = null;
            }
        }
    }

    private static string? FaultOf(Scorer successor, Scorer active)
    {
        var (found, expected) = (successor.Service, active.Service);
        return found.Name != expected.Name
            ? $"it reads the feature service '{found.Name}', and {active.ModelId} reads '{expected.Name}'; a swap needs the same one"
            : found.Fingerprint != expected.Fingerprint
                ? $"it was made for other definitions of the feature service '{found.Name}' (fingerprint {found.Fingerprint}) than " +
                    $"{active.ModelId} ({expected.Fingerprint}); restart the node with the new definitions"
                : null;
    }

    private ImmutableArray<Challenger> ChallengersOf(ModelSlot champion, int kept)
    {
        var challengers = ImmutableArray.CreateBuilder<Challenger>();
        var from = 0.0;
        foreach (var slot in All)
        {
            if (slot.Definition.Challenge is { } challenge && challenge.Of == champion.Name)
            {
                challengers.Add(new(slot, challenge, from, kept));
                from += challenge.Canary;
            }
        }

        return challengers.ToImmutable();
    }

    private SwapResult.UnknownModel Unknown() => new([.. All.Select(slot => slot.Name)]);

    private ModelSlot SlotOf(Scorer scorer)
    {
        var schema = RequestSchema.For(scorer.Service, scorer.Definition.Request);
        return new(schema, new ServedModel(scorer, schema, _clock.GetUtcNow(), _turns, challengers: null));
    }
}
