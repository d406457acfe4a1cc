using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Streaming.Cli.Shell;

/// <summary>Lets other processes of the machine go first.</summary>
internal static class Niceness
{
    private const int ProcessOrThread = 0; // PRIO_PROCESS
    private const int Least = 19;

    /// <summary>Gives this process the least priority, if the system lets it.</summary>
    public static void GiveWay()
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                using var process = Process.GetCurrentProcess();
                process.PriorityClass = ProcessPriorityClass.Idle;
                return;
            }

            // A process's priority is its first thread's alone there.
            foreach (var thread in Directory.GetDirectories("/proc/self/task"))
            {
                _ = setpriority(ProcessOrThread, uint.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), Least);
            }
        }
        catch (Exception refused) when (
            refused is Win32Exception or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            // Then it takes its share.
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setpriority(int which, uint who, int priority);
}
