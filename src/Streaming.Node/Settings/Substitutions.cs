using Streaming.Hocon;

namespace Streaming.Node.Settings;

/// <summary>The values <c>${NAME}</c> and <c>${?NAME}</c> of settings.</summary>
internal static class Substitutions
{
    /// <summary>The mistakes in a key's substitutions.</summary>
    /// <param name="path">The key.</param>
    /// <param name="value">Its value.</param>
    /// <param name="hasValue">Whether a substitution finds a value.</param>
    public static IEnumerable<Diagnostic> Faults(string path, HoconNode value, Func<HoconScalar, bool> hasValue)
    {
        var values = value is HoconArray array ? array.Items.AsEnumerable() : [value];
        foreach (var scalar in values.OfType<HoconScalar>().Where(scalar => scalar.Substitution))
        {
            if (scalar.Text.LastIndexOf("${", StringComparison.Ordinal) > 0 || !scalar.Text.EndsWith('}'))
            {
                yield return SettingsDiagnostics.Together(scalar.Position, path, scalar.Text);
            }
            else if (!scalar.Text.StartsWith("${?", StringComparison.Ordinal) && !hasValue(scalar))
            {
                yield return SettingsDiagnostics.Undefined(scalar.Position, NameOf(scalar));
            }
        }
    }

    /// <summary>What it stands for.</summary>
    public static string NameOf(HoconScalar substitution) => substitution.Text.Trim().TrimStart('$').Trim('{', '}', '?', ' ');
}
