// Hot: asked once per view and read.
using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <summary>
/// A read's own event, view by view: hypothetical, unless its id is among those that the entity remembers. Then it is in the windows
/// already, and is not to be counted again. The ids of a feed are asked once.
/// </summary>
internal ref struct PostedRequest(EntityState state, EventBatch? request, int row)
{
    private int _feed = -1;
    private long _postedAt;

    /// <summary>The event for a view that is read at a time.</summary>
    public RequestEvent For(ViewReadPlan view, long at)
    {
        if (request is null || view.View.DelayMillis > 0 || request.Source != view.View.Source)
        {
            return RequestEvent.None;
        }

        if (!state.Plan.RemembersIds)
        {
            return new RequestEvent(request, row, long.MinValue);
        }

        var feed = state.Plan.Feeds[state.Plan.FeedOfView[view.ViewIndex]];
        if (feed.Index != _feed)
        {
            _feed = feed.Index;
            _postedAt = state.TryFindPosted(feed, request, row, out var time) ? time : long.MinValue;
        }

        // One that is after the read is in no window of it.
        return new RequestEvent(request, row, _postedAt <= at ? _postedAt : long.MinValue);
    }
}
