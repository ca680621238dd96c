namespace Larkspur.Emulator.Tests.WeCom;

public sealed class OfficialBotClientTests : OfficialClientTest
{
    [Fact]
    public Task The_official_bot_client_converses_over_the_emulated_socket() => RunAsync("wecom-emulator-aibot.mjs");
}

public sealed class OfficialCryptographyTests : OfficialClientTest
{
    /// <summary>The platform asks for a stream again every second.</summary>
    protected override TimeProvider Time => TimeProvider.System;

    [Fact]
    public Task The_official_cryptography_opens_what_the_emulator_sends_and_the_emulator_what_it_seals() => RunAsync("wecom-emulator-callbacks.mjs");
}
