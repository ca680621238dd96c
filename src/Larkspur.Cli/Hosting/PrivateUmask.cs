using System.Runtime.InteropServices;

namespace Larkspur.Cli.Hosting;

/// <summary>Folders that this process makes get 0700, files 0600, whatever the shell's umask is. On Windows the folder's own rights
/// count.</summary>
internal static class PrivateUmask
{
    /// <summary>Nothing for group and others: 077.</summary>
    private const int OwnerOnly = 0x3F;

    public static void Set()
    {
        if (!OperatingSystem.IsWindows()) _ = Umask(OwnerOnly);
    }

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Umask(int mask);
}
