using System.Text;
using Larkspur.Feishu.Events;
using Larkspur.Testing;

namespace Larkspur.Feishu.Tests.Events;

/// <summary>Values made with OpenSSL and Python, and the platform's own documented one: code that is not ours agrees.</summary>
public sealed class PublishedVectorTests
{
    private const string Encrypted =
        "AAECAwQFBgcICQoLDA0OD+Os/mARmUN3BY5bm9KDpqB/GPFrCoV+S87K0Cuh9G3IAVpYHSn9r67NmMhtanZhKpqo39eAEfonKVeY5350Dh4=";

    private static readonly byte[] Iv = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    [Fact]
    public void The_documented_text_decrypts()
        => Assert.Equal("hello world", Encoding.UTF8.GetString(FeishuEventSigner.Decrypt("test key", "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=")));

    [Fact]
    public void An_event_encrypts_to_the_vector()
        => Assert.Equal(
            $$"""{"encrypt":"{{Encrypted}}"}""",
            Encoding.UTF8.GetString(FeishuEventSigner.Encrypt("larkspur-key", """{"challenge":"c1","token":"vt1","type":"url_verification"}"""u8, Iv)));

    [Fact]
    public void The_event_signature_is_the_vector()
        => Assert.Equal(
            "baf0fcf5527096ca7d8371b1f0588e3468a1606479a29a5fd4fd07482353e863",
            FeishuEventSigner.Sign("1700000000", "n0nce", "larkspur-key", Encoding.UTF8.GetBytes($$"""{"encrypt":"{{Encrypted}}"}""")));

    [Theory]
    [InlineData("baf0fcf5527096ca7d8371b1f0588e3468a1606479a29a5fd4fd07482353e863")]
    [InlineData("BAF0FCF5527096CA7D8371B1F0588E3468A1606479A29A5FD4FD07482353E863")]
    public void The_vector_is_received_with_hex_of_either_case(string signature)
    {
        var clock = new ManualTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
        var receiver = new FeishuEventReceiver(new() { AppId = "cli_a", EncryptKey = "larkspur-key", VerificationToken = "vt1" }, clock);

        FeishuReception reception = receiver.Receive(
            new("1700000000", "n0nce", signature, "application/json;charset=utf-8"), Encoding.UTF8.GetBytes($$"""{"encrypt":"{{Encrypted}}"}"""));

        Assert.Equal("c1", reception.Challenge);
    }

    [Fact]
    public void The_legacy_card_signature_is_the_vector()
        => Assert.Equal(
            "fd8b0d1bbb662b1586037b787107560868c13aa9",
            FeishuEventSigner.SignLegacyCard("1700000000", "n0nce", "vt1", """{"open_id":"ou_1","token":"c-1","action":{"tag":"button"}}"""u8));

    [Fact]
    public void The_custom_bot_sign_is_the_vector()
        => Assert.Equal(
            "9nxw44BYFqLId3YDAt3hLwRtcLlmdqIxMtemCu1LJXk=",
            FeishuSignatures.SignCustomBot(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), "bot-secret"));

    [Theory]
    [InlineData("https://app.example.com/p?a=1")]
    [InlineData("https://app.example.com/p?a=1#section")]
    public void The_page_signature_is_the_vector(string page)
        => Assert.Equal("fb93fe2be8f07ba391d50002d67e535122590eda", FeishuSignatures.SignJsapi("tk1", "abc", 1_700_000_000_000, page));
}
