using Larkspur.Gateway.Redaction;

namespace Larkspur.Gateway.Storage.DataProtection;

/// <summary>At the start, where no master key is set: makes one in a file, unless the ring in the database is sealed with another
/// already.</summary>
/// <remarks>
/// A second key would open nothing. The first process on a database takes the ring for the key it has made; those on other machines are
/// told to get the same.
/// </remarks>
internal sealed partial class MasterKeyMaking(
    MasterKeys masters, MasterKeyFile file, KeyStore store, SecretRegistry secrets, ILogger<MasterKeyMaking> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        secrets.Tell("master key", masters.Texts);
        if (masters.Current is not null) return;
        if ((await store.AllAsync(cancellationToken)).Find(row => row.Master is not null) is not null)
        {
            masters.WhyNone = Lost();
            return; // KeyResealing tells it once the gateway has started
        }

        var (key, isNew) = file.Make();
        masters.Adopt(key);
        secrets.Tell("master key", masters.Texts);
        if (await store.ClaimAsync(MasterKeys.Fingerprint(key), cancellationToken))
        {
            if (isNew) MasterKeyMade(file.Path);
            return;
        }

        if (isNew) file.Remove();
        masters.Drop(Lost());
        NoMasterKey(MasterKeys.Setting, masters.WhyNone);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string Lost() => $"The key ring in the database belongs to a master key that is not here{(file.Path is null ? "" : $" (there is none in {file.Path})")}. "
        + $"Give every process on the database the same one: the file that the first has made, by {MasterKeyFile.Setting}, or its content as {MasterKeys.Setting}";

    [LoggerMessage(LogLevel.Warning,
        "A master key was made in {Path}. Keep a copy of it apart from the backups of the data: without it stored secrets cannot be read")]
    private partial void MasterKeyMade(string? path);
    [LoggerMessage(LogLevel.Error, "{Setting}: {Problem}")] private partial void NoMasterKey(string setting, string? problem);
}
