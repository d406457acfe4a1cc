namespace Streaming.Features.State;

/// <content>When a state can matter no more, and what is left to compare once it was forgotten.</content>
public sealed partial class EntityState
{
    /// <summary>
    /// The event time from which on no read and no event can tell this state from a new one that begins then; the end of time where a
    /// feature is of the lifetime, or nothing was applied. For the owner.
    /// </summary>
    public long UselessFromMillis
    {
        get
        {
            var newest = long.MinValue;
            for (var i = 0; i < _views.Length; i++)
            {
                newest = Math.Max(newest, Math.Max(_views[i].Newest, _views[i].NewestKnown(Plan.Views[i])));
            }

            return Plan.UsefulMillis is { } useful && newest != long.MinValue ? newest + useful : long.MaxValue;
        }
    }

    /// <summary>
    /// Drops all that a state may lack which was forgotten at or before an event time and then began again: two states of the same events
    /// have the same bytes afterwards, whichever of them was. For one thread that has the state to itself.
    /// </summary>
    public void ForgetBefore(long sinceMillis)
    {
        for (var feed = 0; feed < _seen?.Length; feed++)
        {
            if (_seen[feed] is { } seen && Plan.Feeds[feed].Duplicates is { } rule)
            {
                seen.ForgetUpTo(sinceMillis - rule.HorizonMillis, rule.HorizonMillis);
            }
        }

        for (var i = 0; i < _views.Length; i++)
        {
            _views[i].ForgetBefore(Plan.Views[i], sinceMillis);
        }
    }
}
