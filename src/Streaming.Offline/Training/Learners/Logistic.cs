namespace Streaming.Offline.Training.Learners;

/// <summary>The logistic function.</summary>
internal static class Logistic
{
    /// <summary>The probability of a logarithm of odds.</summary>
    public static double Of(double odds) => 1 / (1 + Math.Exp(-odds));

    /// <summary>The logarithm of the odds of a probability, which is kept off 0 and 1.</summary>
    public static double Odds(double probability)
    {
        var inside = Math.Clamp(probability, 1e-12, 1 - 1e-12);
        return Math.Log(inside / (1 - inside));
    }

    /// <summary>log(1 + exp(x)) without overflow.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
