/**
 * What becomes of every member of an export. A member that is named nowhere here is reported, so that nothing is lost in
 * silence. Empty values (`null`, `""`, `[]`, `{}`) say nothing and are passed over. `docs/import.md` has the same lists.
 */

/** An object of the export, or each object of a list. */
export interface Members {
  /** They become part of the document; where one does not, its reader reports it. */
  read: readonly string[];
  /** Of those that are read: lists of objects. Another type is reported, even where it is empty. */
  lists?: readonly string[];
  /** Of those that are read: lists of texts. What is neither one of them nor looked into is one text. */
  texts?: readonly string[];
  /** Of those that are read: of any type. */
  any?: readonly string[];
  /** Bookkeeping without a meaning for the bot: passed over without an entry. */
  dropped?: readonly string[];
  /** Settings that Errand does not have: reported unless they have one of these values. */
  settings?: Readonly<Record<string, Setting>>;
  inner?: Readonly<Record<string, Members>>;
}

interface Setting {
  /** Values that ask for what Errand does anyway. */
  like: readonly unknown[];
  why: string;
}

const pair: Members = { read: ['key', 'value'] };
const ownTimes = ['creationTime', 'modificationTime', 'modifiedBy'];

const button: Members = {
  read: ['name', 'title', 'label', 'type', 'callback', 'phoneNumber', 'target', 'webviewHeightRatio'],
};
const rule: Members = {
  read: [
    'name',
    'conditions',
    'contextConditions',
    'contextMatchConditionType',
    'action',
    'contextDataVariables',
    'slot',
  ],
  lists: ['conditions', 'contextConditions', 'contextDataVariables'],
  inner: {
    conditions: {
      read: [
        'matchType',
        'patternMatch',
        'regexMatch',
        'evaluateOptionMatch',
        'exactValueMatch',
        'exactMatch',
        'valueMatch',
        'noMatch',
        'apiResultsMatch',
        'intentMatch',
        'responseIntentMatch',
        'intentId',
        'intent',
        'intentName',
      ],
      inner: {
        patternMatch: { read: ['patterns', 'excludeKeywords'], texts: ['patterns', 'excludeKeywords'] },
        regexMatch: { read: ['regexText', 'excludeKeywords'], texts: ['excludeKeywords'] },
        evaluateOptionMatch: { read: ['value'] },
        exactValueMatch: { read: ['value'] },
        exactMatch: { read: ['value'] },
        valueMatch: { read: ['value'] },
        noMatch: { read: ['fallbackMessage'] },
        apiResultsMatch: { read: ['status'] },
        intentMatch: { read: ['intentId', 'intent', 'intentName'] },
        responseIntentMatch: { read: ['intentId', 'intent', 'intentName'] },
      },
    },
    contextConditions: { read: ['matchType', 'contextName', 'value'] },
    action: { read: ['name', 'value'] },
    contextDataVariables: { read: ['name', 'value', 'scope'] },
    slot: { read: ['name', 'entity', 'value'] },
  },
};

/** Without `content`, whose members depend on the kind of the interaction. */
export const interactionMembers: Members = {
  read: [
    'id',
    'name',
    'interactionType',
    'status',
    'group',
    'nextMessageId',
    'prevMessageId',
    'content',
    'pattern',
    'excludeKeywords',
    'intentId',
    'quickReplies',
    'responseMatches',
    'preProcessMessage',
    'postProcessMessage',
    'processUserResponse',
    'interactionDelay',
    'fallbackResponse',
    'fallbackMessage',
  ],
  dropped: ['chatBotId', 'type', 'userInputRequired', 'required', 'changeResponse', 'cancelResponse', ...ownTimes],
  lists: ['responseMatches', 'quickReplies'],
  texts: ['pattern', 'excludeKeywords'],
  any: ['content'],
  settings: { comment: { like: [], why: 'Notes of editors are not kept.' } },
  inner: {
    responseMatches: rule,
    quickReplies: { read: ['type', 'title', 'payload', 'image', 'imageUrl'] },
  },
};

const frame = (tile: Members): Members => ({
  read: ['results', 'responderName', 'responderId'],
  dropped: ['contentType'],
  inner: {
    results: {
      read: ['tile'],
      dropped: ['type'],
      inner: { tile: { read: ['tileData'], dropped: ['sampleUserInput'], inner: { tileData: tile } } },
    },
  },
});

const said = frame({ read: ['text'] });

/** By the document's type of interaction. What is not here was found by plausible names, and is looked at by its values. */
export const contentMembers: Readonly<Record<string, Members>> = {
  starter: frame({ read: [], dropped: ['text'] }),
  text: said,
  text_question: said,
  image: frame({ read: ['url', 'image', 'imageUrl'] }),
  button_question: frame({ read: ['text', 'buttons'], inner: { buttons: button } }),
  quick_reply: frame({
    read: ['text', 'quickReplyWidget'],
    inner: { quickReplyWidget: { read: ['choicesPerRow'] } },
  }),
  multiple_choice: frame({
    read: ['text', 'multipleChoice'],
    inner: {
      multipleChoice: { read: ['multipleChoices', 'displayChoice', 'textStyle'], texts: ['multipleChoices'] },
    },
  }),
  structured: frame({
    read: [
      'title',
      'text',
      'subTitle',
      'subtitle',
      'image',
      'imageUrl',
      'itemUrl',
      'itemURL',
      'buttons',
      'tileDisplay',
    ],
    inner: { buttons: button },
  }),
  universal: frame({
    read: ['universalWidget'],
    inner: { universalWidget: { read: ['leMessageJson'], any: ['leMessageJson'] } },
  }),
  integration: frame({ read: [] }),
  transfer: frame({
    read: ['text', 'escalation'],
    inner: {
      escalation: { read: ['agentSkillId', 'skillId', 'agentSkill', 'skill', 'agentId', 'tangoContextEnabled'] },
    },
  }),
};

const notCarried = (why: string, ...like: unknown[]): Setting => ({ like, why });

export const integrationMembers: Members = {
  read: [
    'id',
    'name',
    'description',
    'integrationType',
    'webhook',
    'method',
    'params',
    'headers',
    'postBody',
    'apiCredentialsId',
    'securityProtocol',
    'responseDataVariable',
    'transformResultsScript',
    'customDataFields',
  ],
  dropped: ['chatbotId', 'defaultValues', 'results', 'group', 'fileUrl', ...ownTimes],
  lists: ['params', 'headers', 'customDataFields'],
  settings: { tangoContextEnabled: notCarried('It means nothing for a call.', false) },
  inner: { params: pair, headers: pair, customDataFields: pair },
};

/** An integration that hands over to people has these, as far as is known. */
export const escalationMembers: Members = {
  ...integrationMembers,
  read: [
    'id',
    'name',
    'integrationType',
    'agentSkillId',
    'skillId',
    'agentSkillName',
    'skill',
    'agentId',
    'messageToUser',
    'message',
    'text',
    'tangoContextEnabled',
  ],
  dropped: [...(integrationMembers.dropped ?? []), 'responseDataVariable'],
};

/** Everything but the interactions and the integrations. */
export const exportMembers: Members = {
  read: ['bot', 'responder', 'conversationMessage', 'groups', 'globalFunctions', 'associatedIntents'],
  lists: ['responder', 'conversationMessage', 'groups', 'associatedIntents'],
  dropped: ['hash', 'platforms'],
  settings: {
    requiredContext: notCarried('What it is for is not known.'),
    menus: notCarried('A bot document has no menus.'),
    dialogTemplates: notCarried('They record which templates were installed; what runs is imported without them.'),
    associatedDomains: notCarried('They say where intents came from; intents stand on their own here.'),
  },
  inner: {
    bot: {
      read: ['id', 'name', 'description', 'language', 'sessionLength', 'transferGroupId', 'botAttributes'],
      dropped: [...ownTimes, 'status', 'readOnly', 'chatBotPlatformUserId', 'organizationId'],
      settings: {
        chatBotType: notCarried('Every bot here talks to consumers.', 'CUSTOMER_FACING_BOT'),
        getStartedButtonPayload: notCarried('A bot begins with what the consumer says.', 'hi'),
        version: notCarried('Only exports of version 2 were known when this was written.', '2', 2),
        channel: notCarried('A bot document names no channel.', 'MESSAGING'),
        demo: notCarried('There is no such switch.', false),
        skipNLP: notCarried('There is no such switch: what has no intents is not asked for them.', false),
        passThroughMode: notCarried('There is no such switch.', false),
        publicBot: notCarried('There is no such switch.', false),
        smallTalkEnabled: notCarried('There is no small talk but what dialogs make.', false),
        transcriptDisabled: notCarried('What is said IS kept here, for as long as the installation keeps it.', false),
        entityDataSourceId: notCarried('Entities are in no export: write them under "entities".'),
      },
      inner: {
        botAttributes: {
          read: ['ENABLE_DEBUG', 'DEFAULT_ERROR_MESSAGE'],
          settings: {
            ENABLE_AGENT_ANNOTATIONS: notCarried('There are no annotations of agents.', 'false'),
            PCS_FALLBACK_LIMIT: notCarried('There are no surveys after a conversation.', '3'),
            SMALL_TALK_ENABLED: notCarried('There is no small talk but what dialogs make.', 'false'),
          },
        },
      },
    },
    groups: {
      read: [
        'id',
        'name',
        'dialogType',
        'status',
        'autoEscalationThreshold',
        'escalationThreshold',
        'threshold',
        'extraChoice',
        'additionalChoice',
        'extraReply',
        'additionalChoiceReply',
      ],
      dropped: ['chatBotId', 'domainId', 'dialogTemplateIds', ...ownTimes],
      settings: {
        description: notCarried('A dialog has no description.'),
        disambiguteOnlySelectedDomains: notCarried('There are no domains: all intents of the bot are weighed.', false),
      },
    },
    globalFunctions: { read: ['methods'], dropped: ['chatBotId', ...ownTimes] },
    associatedIntents: {
      read: ['id', 'name', 'displayName'],
      dropped: ['domain', 'domainId', 'type', 'isLiveIntent', 'intentOrigin', ...ownTimes],
    },
  },
};
