using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Larkspur.Emulator.DingTalk;

/// <summary>Where the emulator is reached, for addresses in what it pushes.</summary>
internal sealed class DingTalkAddress(IServer server)
{
    /// <summary>Scheme, host and port, without a slash at the end.</summary>
    public string Base => (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? EmulatorSettings.DefaultUrls).TrimEnd('/')
        .Replace("//*", "//127.0.0.1", StringComparison.Ordinal).Replace("//+", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal).Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal);
}
