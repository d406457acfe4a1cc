// Hot: every scoring request is looked at.
using System.Globalization;
using Streaming.Node.Settings;

namespace Streaming.Node.Http;

/// <summary>The header by which a request says how long it may take.</summary>
internal static class RequestBudget
{
    private const string Header = "X-Request-Budget-Ms";

    /// <summary>Reads it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="settings">How long a request may ask to be waited for.</param>
    /// <param name="budget">How long it may take; infinite where it says nothing.</param>
    /// <returns>What is wrong with it; null for nothing.</returns>
    public static Problem? Read(HttpRequest request, ScoreSettings settings, out TimeSpan budget)
    {
        budget = Timeout.InfiniteTimeSpan;
        var found = request.Headers[Header];
        if (found.Count == 0)
        {
            return null;
        }

        if (found.Count > 1 || !TryMillis(found[0], out var millis))
        {
            return Problems.InvalidBudget(found.ToString());
        }

        budget = TimeSpan.FromMilliseconds(Math.Min(millis, settings.BudgetMax.TotalMilliseconds));
        return null;
    }

    // A client that has all the time in the world may write any number of digits.
    private static bool TryMillis(string? text, out long millis)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out millis))
        {
            return true;
        }

        millis = long.MaxValue;
        return !string.IsNullOrEmpty(text) && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
    }
}
