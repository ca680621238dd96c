using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Directory.Reading;

namespace Larkspur.Gateway.Platforms.DingTalk.Directory;

/// <inheritdoc cref="IDirectoryReader"/>
/// <remarks>The platform does not say which company an app belongs to; an app of the company's own knows one, so its id stands for
/// that.</remarks>
internal sealed class DingTalkDirectoryReader(DingTalkApps apps, TimeProvider clock) : IDirectoryReader
{
    public string Platform => DingTalkApps.Platform;

    public IReadOnlyList<string> Apps =>
        [.. apps.All.Select(a => a.Name).OrderBy(n => n != DingTalkSettings.Default).ThenBy(n => n, StringComparer.Ordinal)];

    public async Task<IDirectoryReading> OpenAsync(string app, CancellationToken cancellation)
    {
        var known = Get(app);
        var options = known.Settings.Options;
        var range = await known.Client.Contacts.RangeAsync(cancellation);
        var secret = Encoding.UTF8.GetBytes($"{options.ClientId}\n{options.ClientSecret}");
        var credentials = Convert.ToHexStringLower(SHA256.HashData(secret))[..32];
        return new DingTalkDirectoryReading(options.ClientId, credentials, known.Client.Contacts, range, clock);
    }

    private DingTalkApp Get(string app)
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
