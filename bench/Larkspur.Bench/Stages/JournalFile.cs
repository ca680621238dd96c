using System.Diagnostics;
using System.Runtime.InteropServices;
using Larkspur.Bench.Running;
using Microsoft.Win32.SafeHandles;

namespace Larkspur.Bench.Stages;

/// <summary>A file that is written from front to back and synced after each group: the least that a durable commit can cost.</summary>
internal sealed partial class JournalFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly long _size;
    private long _at;

    /// <param name="path">A file that does not exist yet.</param>
    /// <param name="size">Bytes that are written with zeroes beforehand and then overwritten again and again; 0: the file grows.</param>
    public JournalFile(string path, int size)
    {
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        _size = size;
        if (size == 0) return;
        RandomAccess.Write(_file, new byte[size], 0);
        RandomAccess.FlushToDisk(_file);
    }

    /// <summary>Writes and returns when it is on the disk.</summary>
    public void Append(ReadOnlySpan<byte> group)
    {
        if (_size > 0 && _at + group.Length > _size) _at = 0;
        RandomAccess.Write(_file, group, _at);
        _at += group.Length;
        if (OperatingSystem.IsLinux())
        {
            if (DataSync(_file) != 0) throw new IOException($"fdatasync failed with {Marshal.GetLastPInvokeError()}");
        }
        else
        {
            RandomAccess.FlushToDisk(_file);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>What a durable write of one page costs in a folder: the machine's own bound for commits one after another.</summary>
    public static double SyncMicroseconds(string folder)
    {
        var path = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            using var file = new JournalFile(path, 0);
            var page = new byte[4096];
            return Statistics.Median(Enumerable.Range(0, 100).Select(_ =>
            {
                var started = Stopwatch.GetTimestamp();
                file.Append(page);
                return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            }).ToList());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);
}
