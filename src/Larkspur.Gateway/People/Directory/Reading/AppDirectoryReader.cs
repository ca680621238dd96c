using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.People.Directory.Reading;

/// <summary>What readers have in common: a directory is read by one of the platform's apps.</summary>
/// <param name="apps">The platform's apps.</param>
internal abstract class AppDirectoryReader<TApp>(PlatformApps<TApp> apps) : IDirectoryReader where TApp : class, IPlatformApp
{
    public string Platform => ((IAppStates)apps).Platform;

    public IReadOnlyList<string> Apps => [.. apps.All.Where(CanRead).Select(a => a.Name)
        .OrderBy(n => n != PlatformApps<TApp>.Default).ThenBy(n => n, StringComparer.Ordinal)];

    public Task<IDirectoryReading> OpenAsync(string app, CancellationToken cancellation) => OpenAsync(Get(app), cancellation);

    /// <inheritdoc cref="IDirectoryReader.OpenAsync"/>
    protected abstract Task<IDirectoryReading> OpenAsync(TApp app, CancellationToken cancellation);

    /// <summary>Whether an app could read a directory.</summary>
    protected virtual bool CanRead(TApp app) => true;

    /// <summary>Credentials, hashed.</summary>
    protected static string HashOf(params string?[] credentials) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', credentials))))[..32];

    private TApp Get(string app)
    {
        try
        {
            return apps.Get(app);
        }
        catch (ChannelException e)
        {
            throw new DirectoryUnreadableException("app_away", e.Message, e);
        }
    }
}
