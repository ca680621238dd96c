using System.Reflection;
using System.Runtime.InteropServices;
using Larkspur.Gateway.Common;
using SQLitePCL;

namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>Binds the SQLite provider to the operating system's own library: the one that receives security updates.</summary>
internal static class SqliteNative
{
    private static readonly Lazy<string> Loaded = new(Load);

    /// <summary>Binds once per process and returns the library's version.</summary>
    /// <exception cref="SettingsException">The operating system has no SQLite library.</exception>
    public static string Use() => Loaded.Value;

    private static string Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        try
        {
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            raw.FreezeProvider();
            return raw.sqlite3_libversion().utf8_to_string();
        }
        catch (DllNotFoundException)
        {
            throw new SettingsException(["SQLite is not installed. Debian/Ubuntu: apt install libsqlite3-0. Alpine: apk add sqlite-libs. Fedora: dnf install sqlite-libs."]);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != "e_sqlite3") return 0;
        string[] candidates = OperatingSystem.IsWindows() ? ["winsqlite3.dll"]
            : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib", "/usr/lib/libsqlite3.dylib"]
            : ["libsqlite3.so.0", "libsqlite3.so"];
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out var handle)) return handle;
        }

        return 0;
    }
}
