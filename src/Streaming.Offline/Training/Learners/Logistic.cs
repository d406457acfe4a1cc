namespace Streaming.Offline.Training.Learners;

/// <summary>The logistic function.</summary>
internal static class Logistic
{
    /// <summary>The probability of a logarithm of odds.</summary>
    public static double Of(double odds) => 1 / (1 + Math.Exp(-odds));

    /// <summary>log(1 + exp(x)) without overflow.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
