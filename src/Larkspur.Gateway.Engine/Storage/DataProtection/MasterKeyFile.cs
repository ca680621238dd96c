using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Files;
using Larkspur.Gateway.Common.Secrets;

namespace Larkspur.Gateway.Storage.DataProtection;

/// <summary>The file that has the master key when no setting has it: outside the data folder, so that a copy of that folder tells no
/// secret.</summary>
/// <param name="Path">Where it is; null: this user has no home, and no setting names a place.</param>
/// <param name="IsNamed">A setting names it.</param>
internal sealed record MasterKeyFile(string? Path, bool IsNamed)
{
    public const string Setting = MasterKeys.Setting + SecretNames.FileSuffix;

    /// <summary>Where it is: where <c>LARKSPUR_MASTER_KEY_FILE</c> says, else in the user's configuration folder under a name made from
    /// the database's.</summary>
    public static MasterKeyFile Find(IConfiguration configuration, DatabaseAddress database)
    {
        if (configuration[Setting] is { Length: > 0 } named) return new(System.IO.Path.GetFullPath(named), IsNamed: true);
        var home = configuration["XDG_CONFIG_HOME"] is { Length: > 0 } folder && System.IO.Path.IsPathRooted(folder) ? folder
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile,
                Environment.SpecialFolderOption.DoNotVerify) is { Length: > 1 } user ? System.IO.Path.Combine(user, ".config")
            : null;
        return new(home is null ? null : System.IO.Path.Combine(home, "larkspur", $"master-{database.FileName}.key"), IsNamed: false);
    }

    /// <summary>What is in it; null: it is not there.</summary>
    public string? Read(List<string> problems)
    {
        if (Path is null || !File.Exists(Path)) return null;
        if (!IsNamed) PrivateFiles.Tighten(Path);
        return SecretFiles.Read(Setting, Path, problems);
    }

    /// <summary>Makes a key in it.</summary>
    /// <returns>The key, and whether it is new: another process may have made one at the same moment, which is then this one's
    /// too.</returns>
    /// <exception cref="SettingsException">It cannot be written, or what is in it is no key.</exception>
    public (byte[] Key, bool IsNew) Make()
    {
        if (Path is null) throw Impossible("this user has no home folder");
        var key = RandomNumberGenerator.GetBytes(MasterKeys.KeySize);
        try
        {
            PrivateFiles.CreateFolder(System.IO.Path.GetDirectoryName(Path)!);
            // Never over another.
            PrivateFiles.WriteWhole(Path, Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"), overwrite: false);
            return (key, true);
        }
        catch (IOException) when (File.Exists(Path))
        {
            var problems = new List<string>();
            var bytes = new byte[MasterKeys.KeySize + 1];
            return SecretFiles.Read(Setting, Path, problems) is { } text && Convert.TryFromBase64String(text, bytes, out var length)
                && length == MasterKeys.KeySize
                ? (bytes[..MasterKeys.KeySize], false)
                : throw Impossible($"what is in {Path} is no key");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Impossible(e.Message);
        }
    }

    /// <summary>Takes back <see cref="Make"/>.</summary>
    public void Remove() => File.Delete(Path!);

    private SettingsException Impossible(string why) => new([
        $"{MasterKeys.Setting}: is not set, and no key file can be made{(Path is null ? "" : $" at {Path}")} ({why}). "
        + $"Let {Setting} name a file outside the data folder that this user may write, or set {MasterKeys.Setting} (openssl rand -base64 {MasterKeys.KeySize})"]);
}
