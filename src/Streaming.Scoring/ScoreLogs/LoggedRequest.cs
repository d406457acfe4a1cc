using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Streaming.Contracts.Events;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Scoring.Requests;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>The request of a logged answer, as a model of today reads it.</summary>
/// <param name="Event">The request, in row 0.</param>
/// <param name="Entities">The entities of the model's service that it names.</param>
public sealed record LoggedRequest(EventBatch Event, ImmutableArray<LoggedEntity> Entities);

/// <summary>An entity that a logged answer rests on.</summary>
/// <param name="Plan">What a service reads of it.</param>
/// <param name="Key">Its key, UTF-8.</param>
/// <param name="Known">What it had applied; null where that was not logged.</param>
public sealed record LoggedEntity(EntityReadPlan Plan, byte[] Key, KnownOffset[]? Known);

/// <summary>Reads the requests of logged answers. Used by one caller at a time.</summary>
/// <param name="scorer">The model that they are read for; its service says which entities there are.</param>
public sealed class LoggedRequestReader(Scorer scorer)
{
    private readonly ScoreCall _call = new(RequestSchema.For(scorer.Service, scorer.Definition.Request), scorer);

    /// <summary>Reads the request of an answer.</summary>
    /// <param name="score">The answer.</param>
    /// <param name="fault">Why it cannot be read: it was logged without one, or the model asks for other fields by now.</param>
    /// <returns>The request; null where it cannot be read.</returns>
    public LoggedRequest? TryRead(Score score, out string fault)
    {
        ArgumentNullException.ThrowIfNull(score);
        if (score.Request is not { } json)
        {
            fault = "it was logged without its request";
            return null;
        }

        if (RequestParser.Parse(Encoding.UTF8.GetBytes(json), _call) is { } wrong)
        {
            fault = $"its request is none of {scorer.Definition.Name}'s today: {wrong.Detail}";
            return null;
        }

        try
        {
            fault = string.Empty;
            return new LoggedRequest(_call.CopyRequest(), Entities(KnownOffsets.Parse(score.Known, scorer.Service)));
        }
        catch (Exception damaged) when (damaged is JsonException or FormatException or InvalidOperationException)
        {
            fault = $"what its entities had applied cannot be read: {damaged.Message}";
            return null;
        }
    }

    private ImmutableArray<LoggedEntity> Entities(KnownOffset[]?[] known)
    {
        var entities = ImmutableArray.CreateBuilder<LoggedEntity>();
        for (var i = 0; i < scorer.Service.Entities.Length; i++)
        {
            var read = scorer.Service.Entities[i];
            if (read.KeyField >= 0 && _call.Request.Texts(read.KeyField)[0] is { IsEmpty: false } key)
            {
                entities.Add(new LoggedEntity(read.Plan, key.ToArray(), known[i]));
            }
        }

        return entities.ToImmutable();
    }
}
