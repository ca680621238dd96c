using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Larkspur.Gateway.Storage.DataProtection;

/// <summary>The key ring in the database: one for all processes, sealed with the master key.</summary>
/// <remarks>Nothing is stored readable: without a master key no key is made.</remarks>
internal sealed partial class KeyRepository(KeyStore store, MasterKeys masters, ILogger<KeyRepository> logger) : IXmlRepository
{
    /// <summary>Data Protection waits for keys on its callers' threads; longer than this it must not.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private long _seen;
    private int _told;

    /// <summary>It was read, so somebody uses it.</summary>
    public bool IsUsed { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="MasterKeyException">The elements do not open with the master key.</exception>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        IsUsed = true;
        var rows = Wait(() => store.AllAsync(CancellationToken.None));
        Interlocked.Exchange(ref _seen, rows.Count == 0 ? 0 : rows[^1].Number);
        var trusted = KeyStore.Trusted(rows);
        if (trusted.Count < rows.Count && Interlocked.Exchange(ref _told, 1) == 0)
        {
            ReadableElementsIgnored();
        }

        return [.. trusted.Select(row => XElement.Parse(row.Master is null ? row.Element : masters.Open(row.Name, row.Element, row.Master)))];
    }

    /// <inheritdoc/>
    /// <exception cref="MasterKeyException">There is no master key.</exception>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public void StoreElement(XElement element, string friendlyName)
    {
        if (masters.Current is not { } master) throw masters.None();
        var name = string.IsNullOrEmpty(friendlyName) ? Guid.NewGuid().ToString() : friendlyName;
        var text = element.ToString(SaveOptions.DisableFormatting);
        var stored = masters.Seal(name, text);
        var seen = element.Name.LocalName == "key" ? Interlocked.Read(ref _seen) : (long?)null;
        if (!Wait(() => store.AddAsync(name, stored, master, seen)))
            KeyOfOtherProcessUsed();
    }

    /// <summary>The interface is synchronous, the database is not. The work runs without anything of the caller's, so that it cannot wait for him.</summary>
    private static T Wait<T>(Func<Task<T>> work)
    {
        var running = Task.Run(work);
        return Task.WaitAny([running], Patience) == 0
            ? running.GetAwaiter().GetResult()
            : throw new StorageUnavailableException($"The key ring could not be reached within {Patience}.");
    }

    [LoggerMessage(LogLevel.Error, "Table data_protection_key has readable elements beside sealed ones. The gateway writes no such: "
        + "somebody else did, and they are not used. See the doctor's check key_ring")]
    private partial void ReadableElementsIgnored();
    [LoggerMessage(LogLevel.Information, "Another process has just made a key; this one uses it too")]
    private partial void KeyOfOtherProcessUsed();
}
