using Larkspur.Feishu.Messaging;

namespace Larkspur.Messaging.Tests.Messages;

public sealed class RecipientTests
{
    [Theory]
    [InlineData("oc_1", "chat_id")]
    [InlineData("ou_1", "open_id")]
    [InlineData("on_1", "union_id")]
    [InlineData("omt_1", "thread_id")]
    [InlineData("bob@mica.example", "email")]
    [InlineData("bob", "user_id")]
    public void An_id_is_known_by_its_form(string id, string type)
    {
        Recipient recipient = Recipient.Parse(id);
        Assert.Equal((type, id), (recipient.IdType.Value, recipient.Id));
    }

    [Fact]
    public void An_id_of_another_kind_is_an_error_before_the_call()
    {
        Assert.Contains("use OpenId", Assert.Throws<RecipientException>(() => Recipient.Chat("ou_1")).Message, StringComparison.Ordinal);
        Assert.Contains("use Chat", Assert.Throws<RecipientException>(() => Recipient.OpenId("oc_1")).Message, StringComparison.Ordinal);
        Assert.Contains("use OpenId", Assert.Throws<RecipientException>(() => Recipient.UserId("ou_1")).Message, StringComparison.Ordinal);
        Assert.Contains("use Email", Assert.Throws<RecipientException>(() => Recipient.UserId("bob@mica.example")).Message, StringComparison.Ordinal);
        Assert.Throws<RecipientException>(() => Recipient.UnionId("bob"));
        Assert.Throws<RecipientException>(() => Recipient.Email("bob"));
        Assert.Throws<RecipientException>(() => Recipient.Email("ou_1"));
        Assert.Throws<RecipientException>(() => Recipient.Email("a@b@c"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("oc_ 1")]
    [InlineData("oc_1\n")]
    [InlineData("om_1")]
    [InlineData("cli_1")]
    public void What_cannot_be_written_to_is_an_error(string id) => Assert.Throws<RecipientException>(() => Recipient.Parse(id));

    [Fact]
    public void A_recipient_that_nobody_made_is_an_error() => Assert.Throws<RecipientException>(() => default(Recipient).Id);
}
