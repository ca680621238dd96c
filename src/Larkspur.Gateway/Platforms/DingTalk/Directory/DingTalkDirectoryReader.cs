using Larkspur.Gateway.People.Directory.Reading;

namespace Larkspur.Gateway.Platforms.DingTalk.Directory;

/// <inheritdoc cref="IDirectoryReader"/>
/// <remarks>The platform does not say which company an app belongs to; an app of the company's own knows one, so its id stands for
/// that.</remarks>
internal sealed class DingTalkDirectoryReader(DingTalkApps apps, TimeProvider clock) : AppDirectoryReader<DingTalkApp>(apps)
{
    protected override async Task<IDirectoryReading> OpenAsync(DingTalkApp app, CancellationToken cancellation)
    {
        var (options, contacts) = (app.Settings.Options, app.Client.Contacts);
        var range = await contacts.RangeAsync(cancellation);
        return new DingTalkDirectoryReading(options.ClientId, HashOf(options.ClientId, options.ClientSecret), contacts, range, clock);
    }
}
