namespace Streaming.Offline.Training.LightGbm;

/// <summary>The native LightGBM library refused a call; the message is its own with the call's name in front.</summary>
public sealed class LightGbmException : Exception
{
    /// <summary>Which call failed and what LightGBM says.</summary>
    public LightGbmException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
