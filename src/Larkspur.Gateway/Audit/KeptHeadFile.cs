using System.Globalization;
using System.Text;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Files;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;

namespace Larkspur.Gateway.Audit;

/// <summary>
/// A file of the data folder with the newest line of the audit log that this process saw: who can write the database, and not this
/// folder, cannot begin the log anew or put it back to an earlier state unseen. Sealed with the master key, so that nobody makes one
/// that fits another log.
/// </summary>
internal sealed class KeptHeadFile(Installation installation, DatabaseAddress database, MasterKeys masters)
{
    private const string SealName = "audit head";

    private static readonly EnumerationOptions Simple = new() { MatchType = MatchType.Simple };

    /// <summary>Where it is. Each database has its own: two may be used from one folder after each other.</summary>
    public string Path { get; } = System.IO.Path.Combine(installation.DataFolder, $"audit-head-{database.FileName}");

    /// <summary>What was kept; null: nothing.</summary>
    /// <exception cref="MasterKeyException">Another master key sealed it, or it was changed.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public KeptHead? Read()
    {
        // What a process left that was killed while it wrote. By default the pattern would match the whole file too.
        foreach (var half in Directory.EnumerateFiles(installation.DataFolder, System.IO.Path.GetFileName(Path) + ".*", Simple)) File.Delete(half);
        if (!File.Exists(Path)) return null;
        return File.ReadAllText(Path).Trim().Split(' ') is [var master, var text]
            && masters.Open(SealName, text, master).Split(' ') is [var chain, var line, var seal]
            && long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new KeptHead(chain, number, seal)
            : throw new MasterKeyException("It is not of the gateway's form.");
    }

    /// <summary>Keeps another, whole or not at all.</summary>
    /// <exception cref="MasterKeyException">There is no master key.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(KeptHead head)
    {
        if (masters.Current is not { } master) throw masters.None();
        var text = masters.Seal(SealName, string.Create(CultureInfo.InvariantCulture, $"{head.Chain} {head.Line} {head.Seal}"));
        PrivateFiles.WriteWhole(Path, Encoding.ASCII.GetBytes($"{master} {text}\n"), overwrite: true);
    }
}

/// <summary>The end of the log at some time.</summary>
/// <param name="Chain">Which chain (<see cref="AuditSeals.Chain"/>).</param>
/// <param name="Line">Its last line; 0: it had none.</param>
/// <param name="Seal">That line's seal.</param>
internal sealed record KeptHead(string Chain, long Line, string Seal);
