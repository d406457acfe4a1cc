using System.Text.Json;
using Streaming.Scoring.Requests;
using Streaming.Scoring.Turns;

namespace Streaming.Node.Http;

/// <summary>Takes the requests of a POST /score/batch body one after another through a turn.</summary>
internal sealed class ScoreBatchReader(byte[] body, int limit)
{
    private JsonReaderState _state = new(RequestParser.Options);
    private int _consumed;

    /// <summary>Requests that were tried.</summary>
    public int Count { get; private set; }

    /// <summary>Tries the next request.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="problem">What is wrong with the body; null for nothing.</param>
    /// <returns>The outcome; null at the end of the array and if there is a problem.</returns>
    public TurnOutcome? Next(ScoreTurn turn, out Problem? problem)
    {
        problem = body.Length == 0 ? Problems.EmptyBody : null;
        if (problem is not null)
        {
            return null;
        }

        try
        {
            return TryNext(turn, out problem);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            problem = Problems.Of(RequestFaults.Malformed(e));
            return null;
        }
    }

    private TurnOutcome? TryNext(ScoreTurn turn, out Problem? problem)
    {
        problem = null;
        var reader = new Utf8JsonReader(body.AsSpan(_consumed), isFinalBlock: true, _state);
        if (_consumed == 0 && reader.Read() && reader.TokenType != JsonTokenType.StartArray)
        {
            problem = Problems.WrongShape("Expected an array of requests such as [{\"card_id\":\"card_12345\",\"amount\":250.0}].");
            return null;
        }

        reader.Read();
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            // Throws if anything follows it.
            reader.Read();
            return null;
        }

        if (Count == limit)
        {
            problem = Problems.TooMany(Count + CountLeft(ref reader), limit, "requests", "streaming.score.batch-limit");
            return null;
        }

        Count++;
        var outcome = turn.Try(ref reader, body.Length);
        _consumed += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
        return outcome;
    }

    private static int CountLeft(ref Utf8JsonReader reader)
    {
        var left = 0;
        do
        {
            reader.Skip();
            left++;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray);

        return left;
    }
}
