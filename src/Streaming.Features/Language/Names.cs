using Streaming.Features.Language.Expressions;

namespace Streaming.Features.Language;

/// <summary>What may name a view, a feature, an entity, a service or a derived feature: whatever an expression can refer to.</summary>
internal static class Names
{
    /// <summary>The first part of <c>request.field</c>.</summary>
    public const string Request = "request";

    public static bool IsValid(string name) =>
        name.Length > 0 && ExpressionLexer.IsNameStart(name[0]) && name.All(ExpressionLexer.IsNamePart)
        && name is not (Request or "true" or "false" or "and" or "or" or "not" or "in");
}
