using System.Text;
using Larkspur.Testing;
using Larkspur.Webhooks;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>Signatures as Standard Webhooks 1.0.0 has them.</summary>
public sealed class WebhookTests
{
    /// <summary>The test vector of the specification's own libraries.</summary>
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    [Fact]
    public void The_published_vector_is_signed_and_verified()
    {
        Assert.Equal(Signature, WebhookSignature.Sign(Id, At, Body, WebhookSecret.Parse(Secret)));
        Assert.Equal(WebhookVerdict.Valid, Verify());
    }

    [Fact]
    public void While_a_secret_is_changed_either_side_may_have_two()
    {
        var (old, renewed) = (WebhookSecret.Parse(Secret), WebhookSecret.Parse(WebhookSecret.Generate()));
        var both = WebhookSignature.Sign(Id, At, Body, renewed, old);
        Assert.Equal(2, both.Split(' ').Length);
        foreach (var known in new[] { old, renewed })
            Assert.Equal(WebhookVerdict.Valid, new WebhookVerifier([known], clock: new ManualTimeProvider(At)).Verify(Id, Timestamp, both, Body));
        Assert.Equal(WebhookVerdict.Valid, new WebhookVerifier([renewed, old], clock: new ManualTimeProvider(At)).Verify(Id, Timestamp, Signature, Body));
    }

    [Theory]
    [InlineData(301, WebhookVerdict.TooOld)]
    [InlineData(300, WebhookVerdict.Valid)]
    [InlineData(-300, WebhookVerdict.Valid)]
    [InlineData(-301, WebhookVerdict.TooNew)]
    public void The_window_lies_on_both_sides(int secondsLater, WebhookVerdict expected) => Assert.Equal(expected, Verify(now: At.AddSeconds(secondsLater)));

    [Theory]
    [InlineData(null, Timestamp, Signature, WebhookVerdict.HeaderMissing)]
    [InlineData(Id, "", Signature, WebhookVerdict.HeaderMissing)]
    [InlineData(Id, Timestamp, null, WebhookVerdict.HeaderMissing)]
    [InlineData("msg.1614265330", Timestamp, Signature, WebhookVerdict.HeaderMalformed)]
    [InlineData(Id, "-1614265330", Signature, WebhookVerdict.HeaderMalformed)]
    [InlineData(Id, "1614265330.0", Signature, WebhookVerdict.HeaderMalformed)]
    [InlineData(Id, "99999999999999999999", Signature, WebhookVerdict.HeaderMalformed)]
    [InlineData(Id, "9223372036854775807", Signature, WebhookVerdict.HeaderMalformed)]
    [InlineData("msg_other", Timestamp, Signature, WebhookVerdict.SignatureWrong)]
    [InlineData(Id, "1614265331", Signature, WebhookVerdict.SignatureWrong)]
    [InlineData(Id, Timestamp, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=", WebhookVerdict.SignatureWrong)]
    [InlineData(Id, Timestamp, "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookVerdict.SignatureWrong)]
    [InlineData(Id, Timestamp, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookVerdict.SignatureWrong)]
    [InlineData(Id, Timestamp, "v1,", WebhookVerdict.SignatureWrong)]
    [InlineData(Id, Timestamp, "v1,ééééééééééééééééééééééééééééééééééééééééééé=", WebhookVerdict.SignatureWrong)]
    [InlineData(Id, Timestamp, "v1a,x v2,y v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookVerdict.Valid)]
    public void Everything_that_is_not_the_senders_is_refused_with_its_reason(string? id, string? timestamp, string? signature, WebhookVerdict expected) =>
        Assert.Equal(expected, Verify(id, timestamp, signature));

    [Fact]
    public void A_changed_body_and_a_signature_behind_a_hundred_others_are_refused()
    {
        Assert.Equal(WebhookVerdict.SignatureWrong, new WebhookVerifier([WebhookSecret.Parse(Secret)], clock: new ManualTimeProvider(At)).Verify(Id, Timestamp, Signature, Encoding.UTF8.GetBytes("""{"test":2432232314}""")));
        Assert.Equal(WebhookVerdict.SignatureWrong, Verify(Id, Timestamp, string.Concat(Enumerable.Repeat("v1,x ", 100)) + Signature));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_not base64 at all, not in the least")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void What_is_no_secret_is_not_taken_and_not_repeated(string text)
    {
        var refused = Assert.Throws<FormatException>(() => WebhookSecret.Parse(text));
        if (text.Length > 0) Assert.DoesNotContain(text, refused.Message, StringComparison.Ordinal);
        Assert.False(WebhookSecret.TryParse(WebhookSecret.Prefix + Convert.ToBase64String(new byte[65]), out _));
        Assert.True(WebhookSecret.TryParse(WebhookSecret.Prefix + Convert.ToBase64String(new byte[64]), out _));
        Assert.Equal("whsec_***", WebhookSecret.Parse(Secret).ToString());
    }

    private static WebhookVerdict Verify(string? id = Id, string? timestamp = Timestamp, string? signature = Signature, DateTimeOffset? now = null) =>
        new WebhookVerifier([WebhookSecret.Parse(Secret)], clock: new ManualTimeProvider(now ?? At)).Verify(id, timestamp, signature, Body);
}
