using Streaming.Scoring.Registry;
using Streaming.Scoring.Serving;

namespace Streaming.Node.Running;

/// <summary>Puts the version with the alias champion in use whenever the alias moves in the registry's folder.</summary>
internal sealed class ChampionWatch(RegistryFolder folder, ModelSlots slots, ILogger<ChampionWatch> logger, TimeProvider clock)
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private readonly ModelFolder _models = new(folder);
    private readonly Dictionary<string, int> _seen = [];
    private string? _fault;

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var slot in slots.All)
        {
            _seen[slot.Name] = ServedOf(slot);
        }

        using var timer = new PeriodicTimer(s_look, clock);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            foreach (var slot in slots.All)
            {
                Look(slot);
            }
        }
    }

    /// <summary>The version that was found at the start: the one whose file is served; 0 for the declared file.</summary>
    private int ServedOf(ModelSlot slot)
    {
        try
        {
            return _models.Find(slot.Name)?.Versions.FirstOrDefault(version =>
                _models.PathOf(slot.Name, version.Version) == slot.Definition.File)?.Version ?? 0;
        }
        catch (RegistryException damaged)
        {
            Note(slot.Name, damaged.Message);
            return 0;
        }
    }

    private void Look(ModelSlot slot)
    {
        try
        {
            if (_models.Find(slot.Name) is not { } model
                || !model.Aliases.TryGetValue(RegisteredModel.Champion, out var version)
                || _seen[slot.Name] == version)
            {
                return;
            }

            // Once for each move: a version that is refused is not read again every two seconds.
            _seen[slot.Name] = version;
            var fingerprint = model.Require(version).Tags.GetValueOrDefault(VersionTags.Definitions);
            if (slots.Swap(slot.Name, _models.PathOf(slot.Name, version), fingerprint) is SwapResult.Refused refused)
            {
                Note(slot.Name, refused.Reason);
            }
        }
        catch (RegistryException damaged)
        {
            Note(slot.Name, damaged.Message);
        }
    }

    private void Note(string model, string reason)
    {
        if (_fault != reason)
        {
            _fault = reason;
            NodeLog.ChampionRefused(logger, model, reason);
        }
    }
}
