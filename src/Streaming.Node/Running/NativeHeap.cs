using System.Runtime.InteropServices;

namespace Streaming.Node.Running;

/// <summary>The memory outside the managed heap: that of SQLite, ONNX Runtime and the runtime itself.</summary>
internal static class NativeHeap
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int MallocTrim(nuint pad);

    /// <summary>
    /// Gives what is free back to the system. glibc keeps it otherwise, for each thread that ever allocated: tens of megabytes after a
    /// history was read. Does nothing where the C library is another.
    /// </summary>
    public static void Trim()
    {
        if (NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "malloc_trim", out var trim))
        {
            Marshal.GetDelegateForFunctionPointer<MallocTrim>(trim)(0);
        }
    }
}
