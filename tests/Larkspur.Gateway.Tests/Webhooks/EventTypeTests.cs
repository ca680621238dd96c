using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>Which names a webhook may list.</summary>
public sealed class EventTypeTests
{
    [Theory]
    [InlineData("*", null)]
    [InlineData("im.message.receive_v1", null)]
    [InlineData("approval.decided", null)]
    // The next version of a known event, and one that nobody has heard of yet.
    [InlineData("im.message.receive_v2", null)]
    [InlineData("drive.robot.arrived_v1", null)]
    [InlineData("aibot.message.text", null)]
    [InlineData("payment.decidedd", "Did you mean \"payment.decided\"?")]
    [InlineData("im.mesage.receive_v1", "Did you mean \"im.message.receive_v1\"?")]
    [InlineData("payment.cancelled", "The gateway's own are")]
    [InlineData("not a name", "Write it like")]
    public void A_mistyped_one_is_refused_and_a_new_one_taken(string type, string? problem)
    {
        var said = EventTypes.ProblemOf(type);
        if (problem is null) Assert.Null(said);
        else Assert.Contains(problem, said, StringComparison.Ordinal);
    }
}
