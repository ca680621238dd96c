using System.ComponentModel;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>The routes of <see cref="CommandEndpoints"/>.</summary>
internal static class CommandRoutes
{
    public static void MapCommands(this IEndpointRouteBuilder api)
    {
        var commands = api.MapGroup("/commands");
        commands.MapGet("", (KeyGrant by, CommandEndpoints on) => on.List(by))
            .WithName("ListCommands").WithSummary("The bot's commands: the gateway's, plug-ins', and those that systems registered")
            .Refuses().Produces<CommandListView>().Needs(ApiScopes.CommandsRead);
        commands.MapGet("/{name}", (KeyGrant by, string name, CommandEndpoints on) => on.Show(by, name))
            .WithName("GetCommand").WithSummary("One command").Refuses(404).Produces<CommandView>().Needs(ApiScopes.CommandsRead);
        commands.MapPut("/{name}", (Body<PutCommand> body, string name, CommandEndpoints on, CancellationToken cancellation) =>
            on.PutAsync(body, name, cancellation))
            .WithName("PutCommand").WithSummary("Register a command of the bot, or change one")
            .WithDescription("Who calls it is told of to its system by the webhook command.called, after the form, if it has one, is sent.")
            .Produces<CommandView>().Produces<CommandView>(201)
            .Refuses(400, 409, 413, 415, 422, 503).Needs(ApiScopes.CommandsWrite);
        commands.MapDelete("/{name}", (KeyGrant by, string name, CommandEndpoints on, CancellationToken cancellation) =>
            on.DeleteAsync(by, name, cancellation))
            .WithName("DeleteCommand").WithSummary("Take a command away; its calls can be answered still")
            .Produces(StatusCodes.Status204NoContent).Refuses(403, 404, 409, 503).Needs(ApiScopes.CommandsWrite);
        commands.MapGet("/{name}/calls", (KeyGrant by, string name, CommandEndpoints on,
                [Description("Where the page before ended: its next"), FromQuery(Name = "cursor")] long? cursor,
                [Description("Calls on a page, 1 to 200; default 50"), FromQuery(Name = "limit")] int? limit,
                CancellationToken cancellation) =>
                on.CallsAsync(by, name, cursor, limit, cancellation))
            .WithName("ListCommandCalls").WithSummary("Who called a command, the newest first").Refuses(400).Produces<CallListView>()
            .Needs(ApiScopes.CommandsRead);
        commands.MapGet("/{name}/calls/{id}", (KeyGrant by, string name, string id, CommandEndpoints on, CancellationToken cancellation) =>
                on.CallAsync(by, name, id, cancellation))
            .WithName("GetCommandCall").WithSummary("One call").Refuses(404).Produces<CallView>().Needs(ApiScopes.CommandsRead);
        commands.MapPost("/{name}/calls/{id}/answers", (Body<AnswerCall> body, string name, string id, CommandEndpoints on,
                CancellationToken cancellation) =>
                on.AnswerAsync(body, name, id, cancellation))
            .WithName("AnswerCommandCall").TakesIdempotencyKey()
            .WithSummary("Answer a call, where the command was written: words or a card")
            .Produces<CallAnswerView>(StatusCodes.Status202Accepted)
            .Refuses(400, 403, 404, 409, 413, 415, 422, 503).Needs(ApiScopes.CommandsWrite);
    }
}
