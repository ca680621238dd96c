using Larkspur.Emulator.Web.Platforms;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.GroupRobots;
using Microsoft.AspNetCore.Components;

namespace Larkspur.Emulator.Web.WeCom;

/// <summary>Makes WeCom's messages ready to be drawn for one person.</summary>
internal sealed class WeComMessageRows(Viewer viewer, IReadOnlyList<GroupRobot> robots)
{
    public MessageRow Of(WeComMessage message)
    {
        var (isMine, texts) = (message.Sender == WeComSender.Person && message.SenderId == viewer.Me.UserId, viewer.Texts);
        var name = NameOf(message);
        var growing = message.Stream is { Finished: false, Expired: false };
        return new MessageRow
        {
            Id = message.MessageId, SenderKey = message.Sender == WeComSender.Person ? message.SenderId : $"{message.Sender}/{message.SenderId}", SenderName = name, Time = message.Created, IsMine = isMine, IsBot = message.Sender is not (WeComSender.Person or WeComSender.Customer),
            Tag = message.Sender switch { WeComSender.Application => texts.Application, WeComSender.AiBot => texts.AiBot, WeComSender.GroupRobot => texts.GroupRobot, _ => "" },
            Notice = message.Recalled ? isMine ? texts.RecalledByYou : texts.Recalled(name) : message.Sender == WeComSender.System ? message.Text : "",
            IsCard = message.Card is not null || message.Kind is "textcard" or "news" or "mpnews", IsGrowing = growing, Body = BodyOf(message, growing), After = AfterOf(message, growing), Foot = [.. Foot(message, isMine)],
        };
    }

    private string NameOf(WeComMessage message) => message.Sender switch
    {
        WeComSender.Application => viewer.Texts.Code == "zh" ? "Larkspur 应用" : "Larkspur application",
        WeComSender.AiBot => viewer.Texts.Code == "zh" ? "Larkspur 智能机器人" : "Larkspur AI bot",
        WeComSender.GroupRobot => robots.FirstOrDefault(r => r.Id == message.SenderId) is { } robot ? viewer.Texts.Code == "zh" ? robot.Name : robot.EnName : viewer.Texts.GroupRobot,
        WeComSender.Person => viewer.NameOf(message.SenderId),
        _ => message.SenderId,
    };

    private RenderFragment BodyOf(WeComMessage message, bool growing) => builder =>
    {
        if (message.Card is { } card)
        {
            builder.OpenComponent<TemplateCard>(0);
            builder.AddComponentParameter(1, nameof(TemplateCard.Viewer), viewer);
            builder.AddComponentParameter(2, nameof(TemplateCard.Json), card.For(viewer.Me.UserId));
            builder.AddComponentParameter(3, nameof(TemplateCard.ReplacedBy), card.Views.ContainsKey(viewer.Me.UserId) ? null : card.ReplacedBy);
        }
        else
        {
            builder.OpenComponent<WeComBody>(10);
            builder.AddComponentParameter(11, nameof(WeComBody.Viewer), viewer);
            builder.AddComponentParameter(12, nameof(WeComBody.Kind), message.Kind);
            builder.AddComponentParameter(13, nameof(WeComBody.Text), message.Text);
            builder.AddComponentParameter(14, nameof(WeComBody.Content), message.Content);
            builder.AddComponentParameter(15, nameof(WeComBody.Growing), growing);
            builder.AddComponentParameter(16, nameof(WeComBody.Pictures), message.Stream is { } stream ? (IReadOnlyList<string>)stream.Images : []);
        }

        builder.CloseComponent();
    };

    /// <summary>Thumbs, once the answer is whole, where the bot asked for them.</summary>
    private RenderFragment? AfterOf(WeComMessage message, bool growing) => message.FeedbackId is null || growing ? null : builder =>
    {
        builder.OpenComponent<RatingBar>(0);
        builder.AddComponentParameter(1, nameof(RatingBar.Texts), viewer.Texts);
        builder.AddComponentParameter(2, nameof(RatingBar.Given), message.Feedback?.UserId == viewer.Me.UserId ? message.Feedback.Type : null);
        builder.CloseComponent();
    };

    private IEnumerable<string> Foot(WeComMessage message, bool isMine)
    {
        if (message.Safe) yield return viewer.Texts.SafeMessage;
        if (message.Stream is { Expired: true }) yield return viewer.Texts.StreamExpired;
        if (isMine && message.HasTrouble) yield return message.Outcome;
    }
}
