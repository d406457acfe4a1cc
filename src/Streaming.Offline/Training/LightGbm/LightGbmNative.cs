using System.Runtime.InteropServices;

namespace Streaming.Offline.Training.LightGbm;

/// <summary>
/// The part of LightGBM 4's C interface (its c_api.h) that training needs. Each call returns 0, or -1 with the reason in
/// <c>LGBM_GetLastError</c>. The NuGet package LightGBM brings the library for x64 Linux (needs libgomp), macOS and Windows.
/// </summary>
internal static partial class LightGbmNative
{
    public const int Float32 = 0;
    public const int Normal = 0;
    public const int RawScore = 1;
    private const string Library = "lib_lightgbm";

    public static void Check(int result, string call)
    {
        if (result != 0)
        {
            var reason = Marshal.PtrToStringUTF8(GetLastError());
            throw new LightGbmException($"LightGBM {call}: {reason}");
        }
    }

    /// <summary>
    /// Turns the library's notes to standard output off, on this thread: it keeps a level a thread, set by whatever reads parameters.
    /// </summary>
    public static void Quieten() => Check(GetSampleCount(1, "verbosity=-1", out _), "verbosity");

    [LibraryImport(Library, EntryPoint = "LGBM_GetSampleCount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetSampleCount(int rows, string parameters, out int sample);

    [LibraryImport(Library, EntryPoint = "LGBM_GetLastError")]
    private static partial nint GetLastError();

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetCreateFromMat", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int DatasetCreateFromMat(
        float* data, int dataType, int rows, int columns, int isRowMajor, string parameters, nint reference, out nint dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetSetField", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int DatasetSetField(DatasetHandle dataset, string field, float* data, int count, int type);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetFree")]
    public static partial int DatasetFree(nint dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterCreate", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterCreate(DatasetHandle dataset, string parameters, out nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterFree")]
    public static partial int BoosterFree(nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterUpdateOneIter")]
    public static partial int BoosterUpdateOneIter(BoosterHandle booster, out int isFinished);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterSaveModelToString")]
    public static unsafe partial int BoosterSaveModelToString(
        BoosterHandle booster, int firstIteration, int iterations, int importance, long bufferLength, out long length, byte* buffer);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterLoadModelFromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterLoadModelFromString(string model, out int iterations, out nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterPredictForMat", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int BoosterPredictForMat(
        BoosterHandle booster,
        float* data,
        int dataType,
        int rows,
        int columns,
        int isRowMajor,
        int predictType,
        int firstIteration,
        int iterations,
        string parameters,
        out long length,
        double* result);
}

/// <summary>Owns a native dataset.</summary>
internal sealed class DatasetHandle : SafeHandle
{
    public DatasetHandle(nint dataset)
        : base(0, ownsHandle: true) => SetHandle(dataset);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LightGbmNative.DatasetFree(handle) == 0;
}

/// <summary>Owns a native booster.</summary>
internal sealed class BoosterHandle : SafeHandle
{
    public BoosterHandle(nint booster)
        : base(0, ownsHandle: true) => SetHandle(booster);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => LightGbmNative.BoosterFree(handle) == 0;
}
