using Streaming.Features.Layout;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <content>The table of texts, kept to those that are in use.</content>
internal sealed partial class ViewState
{
    private const int ManyTexts = 64;

    private void ForgetUnusedTexts(ViewPlan plan)
    {
        if (_texts?.Count >= Math.Max(ManyTexts, 4 * Count))
        {
            RecodeTexts(plan);
        }
    }

    // False where a code has no text.
    private bool RecodeTexts(ViewPlan plan)
    {
        if (_texts is null)
        {
            return true;
        }

        var recoding = new TextRecoding(_texts);
        for (var column = 0; column < plan.Columns.Length; column++)
        {
            if (plan.Columns[column].Kind == InputKind.Text)
            {
                recoding.Translate(_slab.AsSpan(ColumnStart(plan, plan.FirstInput + column), Count));
            }
        }

        foreach (var feature in plan.CompiledFeatures)
        {
            feature.Aggregator.Recode(_slab, recoding);
        }

        for (var column = 0; column < (_superseded is null ? 0 : plan.Columns.Length); column++)
        {
            if (plan.Columns[column].Kind == InputKind.Text)
            {
                _superseded!.Recode(plan.FirstInput + column, recoding);
            }
        }

        _texts = recoding.Result;
        return !recoding.FoundUnknown;
    }
}
