namespace Streaming.Scoring.Registry;

/// <summary>How long keys and values may be; those of MLflow's own store.</summary>
public static class RegistryLimits
{
    /// <summary>Characters of a key.</summary>
    public const int KeyLengthMax = 250;

    /// <summary>Characters of a parameter's value.</summary>
    public const int ParamLengthMax = 6_000;

    /// <summary>Characters of the value of a run's tag.</summary>
    public const int TagLengthMax = 8_000;

    /// <summary>Characters of the value of a tag of a registered model or version.</summary>
    public const int ModelTagLengthMax = 100_000;

    internal static void Check(string what, string key, string value, int lengthMax)
    {
        if (string.IsNullOrWhiteSpace(key) || key.Length > KeyLengthMax || key.Any(char.IsControl))
        {
            throw new RegistryException(
                RegistryFault.Invalid,
                $"the key of a {what} is '{key}', expected 1 to {KeyLengthMax} characters, none of them a control character");
        }

        if (value.Length > lengthMax)
        {
            throw new RegistryException(
                RegistryFault.Invalid, $"the {what} '{key}' has {value.Length} characters; at most {lengthMax} are allowed");
        }
    }
}
