using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Messages.Cards;

namespace Larkspur.Gateway.Messages;

/// <summary>The contracts of the room's bodies.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(SendMessage)), JsonSerializable(typeof(ReplyMessage)), JsonSerializable(typeof(ForwardMessage))]
[JsonSerializable(typeof(MergeForwardMessages)), JsonSerializable(typeof(ChangeMessage)), JsonSerializable(typeof(NewReaction))]
[JsonSerializable(typeof(Urgency)), JsonSerializable(typeof(NewChat)), JsonSerializable(typeof(MemberList))]
[JsonSerializable(typeof(AnnouncementChange)), JsonSerializable(typeof(ValidateCard)), JsonSerializable(typeof(RenderCard))]
[JsonSerializable(typeof(ImportCard))]
internal sealed partial class MessageContracts : JsonSerializerContext, IBodyContracts<MessageContracts>;
