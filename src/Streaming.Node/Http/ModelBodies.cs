using System.Globalization;
using Streaming.Scoring.Serving;

namespace Streaming.Node.Http;

/// <summary>The answer of GET /models.</summary>
/// <param name="Models">The champion first.</param>
internal sealed record ModelsBody(SlotBody[] Models);

/// <summary>A declared model and the version of it that answers.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Id">Name and version, as answers have it.</param>
/// <param name="Champion">Whether it answers POST /score.</param>
/// <param name="Service">The feature service that it asks.</param>
/// <param name="Fingerprint">Of the service's definitions.</param>
/// <param name="File">The file that it was loaded from.</param>
/// <param name="Since">When this version began to answer.</param>
/// <param name="Swaps">How often another version took over since the start.</param>
/// <param name="Answers">What this version has answered, fallbacks included.</param>
/// <param name="Fallbacks">How often the fallback answered for it.</param>
/// <param name="Fault">Why it does not answer; null if it does.</param>
internal sealed record SlotBody(
    string Name,
    string Id,
    bool Champion,
    string Service,
    string Fingerprint,
    string File,
    string Since,
    long Swaps,
    long Answers,
    long Fallbacks,
    string? Fault)
{
    /// <summary>The body of a slot.</summary>
    public static SlotBody Of(ModelSlot slot, bool isChampion)
    {
        var active = slot.Active;
        var scorer = active.Scorer;
        return new(
            slot.Name,
            scorer.ModelId,
            isChampion,
            scorer.Service.Name,
            scorer.Service.Fingerprint,
            scorer.Definition.File,
            active.Since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            slot.Swaps,
            active.Counts.Answers,
            active.Counts.Fallbacks,
            scorer.Fault);
    }
}
