using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;

namespace Larkspur.Gateway.Bots.ApproveDemo;

/// <summary><c>/approve-demo</c>: sends a purchase request whose buttons work.</summary>
internal static class ApproveDemoCommand
{
    public static Command Create(FeishuPeople people, IDemoRequests requests) => new("approve-demo", ["审批演示"], async (request, cancellation) =>
    {
        var person = await people.FindAsync(request.App.Name, request.Sender.SenderId!.OpenId!, cancellation);
        return new Reaction(async effects =>
        {
            var demo = new DemoRequest
            {
                // One request per message: the reference is made from the event's id, so a repeated attempt makes the same one.
                Id = "PR-" + request.Context.Reference,
                App = request.App.Name,
                Requester = request.Sender.SenderId.OpenId!,
                RequesterName = person?.NameIn(request.Language),
                Language = request.Language,
                CreatedAt = effects.Now,
            };
            await requests.AddAsync(effects.Unit, demo);
            effects.Send(request.Answer("interactive", DemoCard.Draw(demo)));
            return Outcome.Answered;
        });
    });
}
