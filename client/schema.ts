// Made from src/api/openapi.json by client/generate.mjs. Change that one, and run this again.

export interface paths {
    "/v1/signup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for an account
         * @description Answers 202 whether or not the address is known; a mail tells which.
         */
        post: operations["signUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove the address and make the account
         * @description Takes the code that was mailed and the password that was chosen with it: 403 (`/problems/wrong-password`) where it is not that one, and it can be tried again. A code that waits counts by itself; one that is none by the network.
         */
        post: operations["verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description Where a second factor is enrolled, the answer is 202 with a token for the second step: no session yet. Somebody whose account was moved here from an earlier service first says whether she accepts the terms: 202 with `next` as `acceptance`.
         */
        post: operations["logIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept the terms at the first login
         * @description For whoever was moved here from an earlier service: what everybody says at sign-up. Within ten minutes of the password; nothing else is open to her before.
         */
        post: operations["acceptTerms"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decline, and be gone
         * @description For whoever was moved here and wants no account: it is deleted at once, with all that came with it. The answer is the receipt.
         */
        post: operations["declineTerms"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End this session */
        post: operations["logOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your account */
        get: operations["readAccount"];
        put?: never;
        post?: never;
        /**
         * Cancel the account
         * @description For the account's owner. Destroys the account's key and all that it opens, at once, with what is kept about members who belong to no other account. The answer is the receipt; keep it.
         */
        delete: operations["cancelAccount"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login/second": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take the second step
         * @description Within ten minutes of the password. Wrong codes of an app have to wait after the fifth; recovery codes never.
         */
        post: operations["finishLogIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove once more who you are
         * @description Step-up: needed before what cannot be undone or would outlive the session. Logging in is a proof, too.
         */
        post: operations["prove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/factors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What you prove yourself with */
        get: operations["listFactors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/factors/authenticator": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin with an authenticator app
         * @description Needs a recent proof (step-up).
         */
        post: operations["beginAuthenticator"];
        /**
         * Remove the authenticator app
         * @description Needs a recent proof (step-up).
         */
        delete: operations["removeAuthenticator"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/factors/authenticator/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enrol the authenticator app by its first code
         * @description Needs a recent proof (step-up).
         */
        post: operations["confirmAuthenticator"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/factors/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make ten new recovery codes
         * @description Needs a recent proof (step-up).
         */
        post: operations["renewRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login/second/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for a passkey as the second step */
        post: operations["askSecondStepPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login/passkey/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for a passkey to log in with */
        post: operations["askLogInPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in with a passkey
         * @description Without a password, and in one step: the passkey verified the person.
         */
        post: operations["logInWithPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/proof/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for a passkey as a proof */
        post: operations["askProofPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a new passkey
         * @description Needs a recent proof (step-up).
         */
        post: operations["askNewPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a passkey
         * @description Needs a recent proof (step-up). At most twenty.
         */
        post: operations["addPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a passkey
         * @description Needs a recent proof (step-up).
         */
        delete: operations["removePasskey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/account/name": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change your legal name */
        put: operations["changeName"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/account/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change your password
         * @description Needs the present one. A mail tells you. Links that were mailed to set a password, or to change the address, work no more.
         */
        put: operations["changePassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/account/address": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for another address
         * @description Answers 202 whether or not the new address has an account already; a mail to it tells which. The account moves when the link in that mail is followed. 409 while an earlier change can be undone.
         */
        post: operations["askAddress"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/address/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove the new address, and move the account to it
         * @description The old address can undo this for seven days, with the link in its mail. Until then it is nobody else's.
         */
        post: operations["proveAddress"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/address/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo a change of address */
        post: operations["undoAddress"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recovery": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a new password
         * @description Answers 202 whether or not the address is known; a mail tells which. The link in it works once, for an hour.
         */
        post: operations["askRecovery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recovery/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a new password with a mailed link
         * @description A mail tells you. Other factors of the account stay as they are.
         */
        post: operations["recover"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Names with slashes between them, percent-encoded UTF-8: 4096 bytes at most. */
                path: components["parameters"]["Path"];
            };
            cookie?: never;
        };
        /** A file's bytes, or a folder's entries */
        get: operations["readFile"];
        /**
         * Keep a file
         * @description Folders are made as needed. A path that ends in a slash makes a folder. What a file was before is kept as an earlier version.
         */
        put: operations["writeFile"];
        post?: never;
        /**
         * Remove a file, or a folder with all in it
         * @description Into the trash, for thirty days.
         */
        delete: operations["removeFile"];
        options?: never;
        /** A file's size, type and version */
        head: operations["statFile"];
        patch?: never;
        trace?: never;
    };
    "/v1/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The collections of the account */
        get: operations["listCollections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                collection: components["parameters"]["Collection"];
            };
            cookie?: never;
        };
        /** A collection's schema and version */
        get: operations["readCollection"];
        /**
         * Make a collection, or give it another schema
         * @description A schema holds for what is put from then on; what is there stays as it is.
         */
        put: operations["putCollection"];
        post?: never;
        /**
         * Delete a collection with all records in it
         * @description One that is cut short goes on when it is asked for again; until then nothing can be put into it.
         */
        delete: operations["removeCollection"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/records": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                collection: components["parameters"]["Collection"];
            };
            cookie?: never;
        };
        /** The records of a collection */
        get: operations["listRecords"];
        put?: never;
        /** Keep a new record, under an id of ours */
        post: operations["addRecord"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/records/{record}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                collection: components["parameters"]["Collection"];
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                record: components["parameters"]["Record"];
            };
            cookie?: never;
        };
        /** A record */
        get: operations["readRecord"];
        /** Keep a record */
        put: operations["putRecord"];
        post?: never;
        /** Delete a record */
        delete: operations["removeRecord"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/records/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make many changes, or none of them
         * @description In whatever collections. Where one is refused, the problem's `change` says which, counted from 0, and nothing has been changed.
         */
        post: operations["changeRecords"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/records/about": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The records about a person
         * @description By the name that records were given as their `subject`, in whatever collection. It stands in the body, since addresses are written down on the way.
         */
        post: operations["findRecordsAbout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/records/about/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Delete the records about a person */
        post: operations["removeRecordsAbout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["readDescription"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notice.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The privacy notice as JSON */
        get: operations["readNotice"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/gpc.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Global Privacy Control is honoured here */
        get: operations["readGpc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/security.txt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom to tell of a weakness (RFC 9116) */
        get: operations["readSecurityContact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a person changes her password */
        get: operations["findPasswordPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a type of problem means */
        get: operations["readProblem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log's signed checkpoint */
        get: operations["readCheckpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log's verifier key */
        get: operations["readLogKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the log's key was handed over */
        get: operations["readLogKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log/tile/{tile}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A tile or an entry bundle */
        get: operations["readTile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the process alive? */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Can it serve? */
        get: operations["readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where you are logged in */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        /** End all sessions but this one */
        delete: operations["endOtherSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a session */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your access tokens */
        get: operations["listTokens"];
        put?: never;
        /** Make an access token */
        post: operations["makeToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an access token */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/self": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke the access token that asks
         * @description As a program does that logs out. Any scope will do. 404 for whoever comes with a session.
         */
        delete: operations["revokeOwnToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The people of your account */
        get: operations["listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave the account
         * @description What is in the account stays there. Needs a recent proof (`POST /v1/proof`). 409 for the owner, who hands the account over first.
         */
        post: operations["leaveAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{member}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change somebody's role
         * @description For those who administer the account. Needs a recent proof (`POST /v1/proof`). 409 for the owner and for yourself.
         */
        put: operations["changeRole"];
        post?: never;
        /**
         * Take somebody out of the account
         * @description For those who administer the account. Needs a recent proof (`POST /v1/proof`). 409 for the owner and for yourself.
         */
        delete: operations["removeMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/account/hand-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Offer the account to a member
         * @description For the owner. Needs a recent proof (`POST /v1/proof`). Nothing changes before the member accepts, within seven days.
         */
        post: operations["offerAccount"];
        /** Take the offer back, or decline it */
        delete: operations["takeBackOffer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/account/hand-over/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept the account that is offered to you
         * @description Needs a recent proof (`POST /v1/proof`).
         */
        post: operations["acceptAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/memberships": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The accounts that you belong to */
        get: operations["listMemberships"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/account/switch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on in another account of yours */
        post: operations["switchAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Invitations that wait
         * @description For those who administer the account.
         */
        get: operations["listInvitations"];
        put?: never;
        /**
         * Invite somebody
         * @description For those who administer the account. Needs a recent proof (`POST /v1/proof`). The link in the mail works once, for seven days; an earlier one to the same address works no more. 409 where the address is a member's, or as many wait as there may be.
         */
        post: operations["invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/{invitation}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Withdraw an invitation
         * @description For those who administer the account.
         */
        delete: operations["withdrawInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** See an invitation */
        post: operations["lookAtInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decline an invitation */
        post: operations["declineInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation
         * @description For somebody who is logged in with the address that was invited.
         */
        post: operations["acceptInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/signup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation as a new person
         * @description As a sign-up, but for the address, which the link proves. 409 where the address has an account already, or the terms are not those in force.
         */
        post: operations["signUpByInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspace/copy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Copy a file or folder
         * @description Folders on the way are made. A folder is copied file by file; what is at `to` is never merged with it. `If-Match` is about the file that is copied.
         */
        post: operations["copyEntry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspace/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move or rename a file or folder
         * @description One step, however much is in a folder. Folders on the way are made. `If-Match` is about the file that is moved.
         */
        post: operations["moveEntry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How much is kept, and how much may be */
        get: operations["readUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trash": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was removed */
        get: operations["listTrash"];
        put?: never;
        post?: never;
        /** Empty the trash */
        delete: operations["emptyTrash"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trash/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of what is in the trash. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove for good */
        delete: operations["purge"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trash/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of what is in the trash. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring back from the trash
         * @description Folders on the way are made. 409 where something is at the path.
         */
        post: operations["restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/versions/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Names with slashes between them, percent-encoded UTF-8: 4096 bytes at most. */
                path: components["parameters"]["Path"];
            };
            cookie?: never;
        };
        /** A file's earlier versions, or one of them */
        get: operations["readVersion"];
        put?: never;
        /** Make an earlier version the file */
        post: operations["bringBack"];
        /** Remove an earlier version */
        delete: operations["removeVersion"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Uploads that have not come to their end
         * @description Of whoever may write files in the account: so that one who has lost an upload's address goes on with it.
         */
        get: operations["listUploads"];
        put?: never;
        /**
         * Begin an upload in several requests
         * @description tus 1.0. `Upload-Metadata` names `path` and, if they are known, `filetype` and `modified`. A file comes of it with its last part, or at once where `Upload-Length` is 0; what was there is an earlier version then. `If-Match` and `If-None-Match` are of that file: given here where it comes at once, else with its last part.
         */
        post: operations["createUpload"];
        delete?: never;
        /** What of tus 1.0 is spoken here */
        options: operations["tusOptions"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the upload. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End an upload */
        delete: operations["endUpload"];
        options?: never;
        /**
         * How far an upload has come
         * @description For whoever means to go on: a request that still brings a part (its peer may have gone without a word) is ended first, and what it has brought is durable.
         */
        head: operations["lookAtUpload"];
        /**
         * Bring a part of an upload
         * @description Conditions are of what is at the path that the file will have, looked at with each part and once more when the last one makes the file: where one does not hold, the part counts as not sent.
         */
        patch: operations["appendToUpload"];
        trace?: never;
    };
    "/v1/shares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Links to files and folders */
        get: operations["listShareLinks"];
        put?: never;
        /**
         * Make a link to a file or folder
         * @description Read-only, for whoever has it. It stays with what it was made for wherever that is moved, and leads nowhere while that is in the trash.
         */
        post: operations["share"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shares/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the link. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a link */
        delete: operations["revokeShareLink"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/links/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the link. */
                token: string;
            };
            cookie?: never;
        };
        /**
         * What a link leads to
         * @description 404 where it has run out, was revoked, or never was.
         */
        get: operations["lookAtLink"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/links/{token}/open": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the link. */
                token: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a link's password */
        post: operations["openLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/links/{token}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the link. */
                token: string;
                /** @description Names with slashes between them, percent-encoded UTF-8: 4096 bytes at most. */
                path: components["parameters"]["Path"];
            };
            cookie?: never;
        };
        /** A file's bytes or a folder's entries, by a link */
        get: operations["readLinked"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        SignUp: {
            /** @description Your full legal name. */
            legal_name: string;
            /**
             * Format: email
             * @description A mail address that you read.
             */
            email: string;
            /**
             * Format: password
             * @description At least 12 characters, and not easily guessed (zxcvbn, score 3), also not by somebody who knows your name and address.
             */
            password: string;
            /**
             * @description You are of age and use the service in your profession.
             * @constant
             */
            adult_professional: true;
            /** @description The version of the terms at /terms, with their data processing agreement, that you accept: the one in force (`terms.version` in /notice.json). */
            terms: string;
            /** @description The version of the notice at /notice that you were shown: the one in force (`version` in /notice.json). It is recorded. */
            notice: string;
            /** @description The code of a mail that an earlier sign-up with this address brought: where others have asked for the address too often (429), it shows that you read its mails, and the sign-up counts by it instead. */
            token?: string;
        };
        Accepted: {
            /** @description What to do next. */
            next: string;
            /** @description The same in words. */
            detail: string;
        };
        Verify: {
            /** @description The code from the mail. */
            token: string;
            /**
             * Format: password
             * @description The one that was chosen at the sign-up: so neither somebody who signs up with another's address nor somebody who reads another's mail gets an account by it.
             */
            password: string;
            /**
             * @description Whether to open a session as well, as a login does.
             * @default false
             */
            log_in: boolean;
        };
        Link: {
            /** @description The code from the mail. */
            token: string;
        };
        Verified: {
            /** @description The account's id. */
            account: string;
            /** @description active */
            state: string;
        };
        LogIn: {
            /** @description Your mail address. */
            email: string;
            /**
             * Format: password
             * @description Your password.
             */
            password: string;
        };
        LoggedIn: {
            /** @description The account's id. */
            account: string;
        };
        Account: {
            /** @description The account's id. */
            account: string;
            /** @description Your name. */
            legal_name: string;
            /** @description Your address. */
            email: string;
            /**
             * Format: date-time
             * @description Since when.
             */
            created: string;
            /** @description The name of the plan that it has. */
            plan: string;
            /**
             * @description Yours in the account.
             * @enum {string}
             */
            role: "owner" | "admin" | "member" | "reader";
        };
        /** @description Where a second factor is enrolled, one of `code`, `recovery_code` and `passkey` too, unless one was shown within ten minutes. */
        Cancel: {
            /**
             * Format: password
             * @description Your password: this step needs it again.
             */
            password: string;
            /** @description Six digits that the authenticator app shows. */
            code?: string;
            /** @description One of the recovery codes. */
            recovery_code?: string;
            passkey?: components["schemas"]["PasskeyAssertion"];
        };
        ChangeName: {
            /** @description Your full legal name. */
            legal_name: string;
        };
        /** @description Where a second factor is enrolled, one of `code`, `recovery_code` and `passkey` too, unless one was shown within ten minutes. */
        ChangePassword: {
            /**
             * Format: password
             * @description The present one.
             */
            password: string;
            /**
             * Format: password
             * @description At least 12 characters, and not easily guessed (zxcvbn, score 3), also not by somebody who knows your name and address.
             */
            new_password: string;
            /** @description Six digits that the authenticator app shows. */
            code?: string;
            /** @description One of the recovery codes. */
            recovery_code?: string;
            passkey?: components["schemas"]["PasskeyAssertion"];
        };
        /** @description Where a second factor is enrolled, one of `code`, `recovery_code` and `passkey` too, unless one was shown within ten minutes. */
        ChangeAddress: {
            /**
             * Format: email
             * @description The new mail address.
             */
            email: string;
            /**
             * Format: password
             * @description Your password.
             */
            password: string;
            /** @description Six digits that the authenticator app shows. */
            code?: string;
            /** @description One of the recovery codes. */
            recovery_code?: string;
            passkey?: components["schemas"]["PasskeyAssertion"];
        };
        Recovery: {
            /**
             * Format: email
             * @description The address of your account.
             */
            email: string;
        };
        Recover: {
            /** @description The code from the mail. */
            token: string;
            /**
             * Format: password
             * @description At least 12 characters, and not easily guessed (zxcvbn, score 3), also not by somebody who knows your name and address.
             */
            password: string;
        };
        Entry: {
            /** @description Within its folder. */
            name: string;
            /**
             * @description What it is.
             * @enum {string}
             */
            kind: "file" | "folder";
            /** @description Bytes, of a file. */
            size?: number;
            /** @description Media type, of a file. */
            type?: string;
            /** @description Version, of a file. */
            etag?: string;
            /**
             * Format: date-time
             * @description When.
             */
            changed: string;
        };
        Folder: {
            entries: components["schemas"]["Entry"][];
            /** @description Cursor of the next page. */
            next?: string;
        };
        /** @description A signed, publicly logged statement that the account's key was destroyed. */
        Receipt: {
            /** @constant */
            format: "erasure-receipt/v1";
            /** @description Who signs. */
            operator?: string;
            /** @description The account's id. */
            account: string;
            /** @description What is stated. */
            statement?: string;
            /**
             * Format: date-time
             * @description When.
             */
            erased_at: string;
            /** @description Of the key tree's root. */
            epoch: number;
            /** @description What outlives the account. */
            stays?: string[];
            /** @description Where else the key stood. */
            replicas?: {
                /** @description The replica's name. */
                name?: string;
                /**
                 * @description Whether it has confirmed that its older root is destroyed.
                 * @enum {string}
                 */
                state?: "destroyed" | "pending";
                /** @description Epochs that it has not confirmed. */
                behind?: number;
            }[];
            log?: {
                /** @description The log's name. */
                origin?: string;
                /** @description Its verifier key. */
                key?: string;
            };
            /** @description Of the entry in the log. */
            index: number;
            /** @description Of the entry, hex. */
            label: string;
            /** @description Opens the entry's commitment, base64. */
            nonce: string;
            /** @description A C2SP tlog-proof. */
            proof: string;
            /** @description The person's id, where it was she who left and not the account that was cancelled. */
            person?: string;
        };
        Problem: {
            /**
             * @description Where the problem is explained: `/problems/NAME`.
             * @enum {string}
             */
            type: "/problems/invalid" | "/problems/malformed" | "/problems/path" | "/problems/unauthenticated" | "/problems/wrong-credentials" | "/problems/denied" | "/problems/wrong-password" | "/problems/link-password" | "/problems/wrong-link-password" | "/problems/second-factor" | "/problems/wrong-factor" | "/problems/second-step-over" | "/problems/step-up" | "/problems/origin" | "/problems/missing" | "/problems/method" | "/problems/timeout" | "/problems/conflict" | "/problems/other-account" | "/problems/locked" | "/problems/gone" | "/problems/stale" | "/problems/too-large" | "/problems/target" | "/problems/unsupported" | "/problems/range" | "/problems/expectation" | "/problems/host" | "/problems/exhausted" | "/problems/headers" | "/problems/internal" | "/problems/coding" | "/problems/busy" | "/problems/unavailable" | "/problems/version" | "/problems/quota" | "/problems/full";
            /** @description What it is. */
            title: string;
            status: number;
            /** @description What to do. */
            detail: string;
            /** @description With `quota`: bytes that the account keeps. */
            used?: number;
            /** @description With `quota`: bytes that its plan has room for. */
            allowed?: number;
        };
        SecondStepLeft: {
            /**
             * @description What is left: /v1/login/second, or /v1/login/accept.
             * @enum {string}
             */
            next: "second-step" | "acceptance";
            /** @description For the second step; it opens nothing else. */
            token: string;
        };
        Acceptance: {
            /** @description What logging in answered. */
            token: string;
            /**
             * @description You are of age and use the service in your profession.
             * @constant
             */
            adult_professional: true;
            /** @description The version of the terms at /terms, with their data processing agreement, that you accept: the one in force (`terms.version` in /notice.json). */
            terms: string;
            /** @description The version of the notice at /notice that you were shown: the one in force (`version` in /notice.json). It is recorded. */
            notice: string;
        };
        /** @description With exactly one of `code`, `recovery_code` and `passkey`. */
        SecondStep: {
            /** @description What logging in answered. */
            token: string;
            /** @description Six digits that the authenticator app shows. */
            code?: string;
            /** @description One of the recovery codes. */
            recovery_code?: string;
            passkey?: components["schemas"]["PasskeyAssertion"];
        };
        /** @description `password`, with one of `code`, `recovery_code` and `passkey` where a second factor is enrolled; or `passkey` alone. */
        Prove: {
            /**
             * Format: password
             * @description Your password.
             */
            password?: string;
            /** @description Six digits that the authenticator app shows. */
            code?: string;
            /** @description One of the recovery codes. */
            recovery_code?: string;
            passkey?: components["schemas"]["PasskeyAssertion"];
        };
        Factors: {
            /** @description The authenticator app, where there is one. */
            authenticator?: {
                /**
                 * Format: date-time
                 * @description Since when.
                 */
                added: string;
            };
            /** @description How many are not used yet. */
            recovery_codes_left: number;
            passkeys: components["schemas"]["Passkey"][];
        };
        AuthenticatorSecret: {
            /** @description For a QR code: an otpauth: URI. */
            uri: string;
            /** @description The same secret as it is typed: base32. */
            secret: string;
        };
        Confirm: {
            /** @description Six digits that the authenticator app shows. */
            code: string;
        };
        RecoveryCodes: {
            /** @description Each is good once. */
            recovery_codes: string[];
        };
        Passkey: {
            /** @description Its id here. */
            id: string;
            /** @description What you call it. */
            name: string;
            /**
             * Format: date-time
             * @description Since when.
             */
            added: string;
            /**
             * Format: date-time
             * @description When it was used last.
             */
            used?: string;
        };
        /** @description What `PublicKeyCredential.toJSON()` makes of `navigator.credentials.get()` (WebAuthn Level 3, AuthenticationResponseJSON). Members that are not named here are ignored. */
        PasskeyAssertion: {
            /** @description The credential, base64url. */
            id: string;
            response: {
                /** @description base64url */
                clientDataJSON: string;
                /** @description base64url */
                authenticatorData: string;
                /** @description base64url */
                signature: string;
                /** @description base64url; needed to log in without a password. */
                userHandle?: string;
            };
        };
        /** @description What `PublicKeyCredential.toJSON()` makes of `navigator.credentials.create()` (RegistrationResponseJSON). Members that are not named here are ignored. */
        PasskeyRegistration: {
            response: {
                /** @description base64url */
                clientDataJSON: string;
                /** @description base64url */
                attestationObject: string;
            };
        };
        PasskeyLogIn: {
            passkey: components["schemas"]["PasskeyAssertion"];
        };
        PasskeyAdd: {
            /** @description What you call it. */
            name: string;
            passkey: components["schemas"]["PasskeyRegistration"];
        };
        PasskeyAdded: {
            /** @description Its id here. */
            id: string;
            /** @description Shown once; none where there are some already. */
            recovery_codes: string[];
        };
        /** @description For `navigator.credentials.get()` (PublicKeyCredentialRequestOptionsJSON). The challenge is good once, for five minutes. */
        PasskeyRequest: {
            /** @description base64url */
            challenge: string;
            /** @description The host of this server. */
            rpId: string;
            /** @description Milliseconds. */
            timeout?: number;
            /**
             * @description Always.
             * @constant
             */
            userVerification?: "required";
            allowCredentials?: Record<string, never>[];
        };
        /** @description For `navigator.credentials.create()` (PublicKeyCredentialCreationOptionsJSON). The challenge is good once, for five minutes, in this session. */
        PasskeyCreation: {
            /** @description base64url */
            challenge: string;
            /** @description This server. */
            rp: Record<string, never>;
            /** @description You. */
            user: Record<string, never>;
            pubKeyCredParams: Record<string, never>[];
            /** @description Milliseconds. */
            timeout?: number;
            /**
             * @description Not asked for.
             * @constant
             */
            attestation?: "none";
            /** @description Discoverable, with user verification. */
            authenticatorSelection?: Record<string, never>;
            excludeCredentials?: Record<string, never>[];
        };
        HalfWay: {
            /** @description What logging in answered. */
            token: string;
        };
        Sessions: {
            sessions: components["schemas"]["Session"][];
        };
        Session: {
            id: string;
            /** @description Whether it is the one that asks. */
            current: boolean;
            /** Format: date */
            started: string;
            /** Format: date */
            last_used: string;
            /** @description The browser or program, where it is known. */
            program?: string;
            /** @description What it runs on, where it is known. */
            system?: string;
            /** @description ISO 3166-1, of the login, where it is known. */
            country?: string;
        };
        Ended: {
            ended: number;
        };
        /**
         * @description `files:write` uploads, moves, copies and deletes files, works in the trash, brings earlier versions back and revokes links. To make or list links takes `files:read` and `files:write`: a link reads, and outlives the token.
         * @enum {string}
         */
        Scope: "account:read" | "files:read" | "files:write" | "records:read" | "records:write";
        Tokens: {
            tokens: components["schemas"]["Token"][];
        };
        Token: {
            id: string;
            name: string;
            scopes: components["schemas"]["Scope"][];
            /** Format: date */
            created: string;
            /** Format: date-time */
            expires: string;
            /**
             * Format: date
             * @description The day; not there where it was never used.
             */
            last_used?: string;
        };
        /** @description Where a second factor is enrolled, one of `code`, `recovery_code` and `passkey` too, unless one was shown within ten minutes. */
        WantedToken: {
            name: string;
            scopes: components["schemas"]["Scope"][];
            expires_in_days: number;
            /** @description Hers, once more: what lets something in asks for it. */
            password: string;
            /** @description Six digits that the authenticator app shows. */
            code?: string;
            /** @description One of the recovery codes. */
            recovery_code?: string;
            passkey?: components["schemas"]["PasskeyAssertion"];
        };
        NewToken: {
            id: string;
            token: string;
            scopes: components["schemas"]["Scope"][];
            /** Format: date-time */
            expires: string;
        };
        Members: {
            members: components["schemas"]["Member"][];
            hand_over?: components["schemas"]["HandOver"];
        };
        Member: {
            id: string;
            legal_name: string;
            /** @description For those who administer the account, and your own. */
            email?: string;
            /** @enum {string} */
            role: "owner" | "admin" | "member" | "reader";
            /** @description Whether it is you. */
            self: boolean;
        };
        HandOver: {
            /** @description The id of whoever is to own the account. */
            to: string;
            /** Format: date-time */
            expires: string;
        };
        WantedRole: {
            /** @enum {string} */
            role: "admin" | "member" | "reader";
        };
        WantedOwner: {
            /** @description The id of a member. */
            to: string;
        };
        AccountNamed: {
            /** @description The id of an account of yours. */
            account: string;
        };
        Accounts: {
            accounts: {
                account: string;
                /** @description The name of whoever owns it. */
                owner: string;
                /** @enum {string} */
                role: "owner" | "admin" | "member" | "reader";
                /** @description Whether the session is in it. */
                current: boolean;
            }[];
        };
        Switched: {
            /** @description The id of the account. */
            account: string;
        };
        WantedInvitation: {
            /** Format: email */
            email: string;
            /** @enum {string} */
            role: "admin" | "member" | "reader";
            /**
             * @description Of the mail; otherwise the one that the browser asks for.
             * @enum {string}
             */
            language?: "en" | "nb";
        };
        Invited: {
            id: string;
            detail: string;
        };
        Invitations: {
            invitations: {
                id: string;
                email: string;
                /** @enum {string} */
                role: "admin" | "member" | "reader";
                /** Format: date-time */
                expires: string;
            }[];
        };
        InvitationFollowed: {
            account: string;
            /** @enum {string} */
            role: "admin" | "member" | "reader";
            /** @description The address that was invited. */
            email: string;
            invited_by: {
                legal_name: string;
                email: string;
            };
            /** Format: date-time */
            expires: string;
            /** @description Whether this address has an account already: log in then, and accept. */
            known: boolean;
        };
        SignUpByInvitation: {
            /** @description The code from the mail. */
            token: string;
            /** @description Your full legal name. */
            legal_name: string;
            /**
             * Format: password
             * @description At least 12 characters, and not easily guessed (zxcvbn, score 3), also not by somebody who knows your name and address.
             */
            password: string;
            /**
             * @description You are of age and use the service in your profession.
             * @constant
             */
            adult_professional: true;
            /** @description The version of the terms at /terms, with their data processing agreement, that you accept: the one in force (`terms.version` in /notice.json). */
            terms: string;
            /** @description The version of the notice at /notice that you were shown: the one in force (`version` in /notice.json). It is recorded. */
            notice: string;
        };
        Transfer: {
            /** @description Path of what is there. */
            from: string;
            /** @description Path that it is to have, its name with it. */
            to: string;
            /** @description Whether a file that is at `to` is replaced; 409 otherwise. */
            overwrite?: boolean;
        };
        Used: {
            /** @description How many contents: files, trash and earlier versions. */
            files: number;
            /** @description What they hold in all, and records with them. Each entry counts 1 KiB for itself (a file, a folder, what is in the trash, an earlier version, an upload), and each content 4 KiB beside its bytes. */
            bytes: number;
            /** @description What the account's plan has room for. */
            bytes_max: number;
        };
        Trashed: {
            /** @description In the trash. */
            id: string;
            /** @description It had in its folder. */
            name: string;
            /**
             * @description What it is.
             * @enum {string}
             */
            kind: "file" | "folder";
            /** @description Where it was. */
            path: string;
            /** @description Bytes, of a file. */
            size?: number;
            /** @description Media type, of a file. */
            type?: string;
            /**
             * Format: date-time
             * @description When.
             */
            removed: string;
            /**
             * Format: date-time
             * @description When it is gone for good.
             */
            expires: string;
        };
        Trash: {
            items: components["schemas"]["Trashed"][];
            /** @description Cursor of the next page. */
            next?: string;
        };
        Restore: {
            /** @description Path that it is to have; where it was, without one. */
            to?: string;
        };
        Version: {
            /** @description By which it is known. */
            version: string;
            /** @description Bytes. */
            size: number;
            /** @description Media type. */
            type: string;
            /**
             * Format: date-time
             * @description When it came in.
             */
            changed: string;
            /**
             * Format: date-time
             * @description When it ceased to be the file.
             */
            replaced: string;
            /**
             * Format: date-time
             * @description When it is gone for good.
             */
            expires: string;
        };
        Versions: {
            /** @description The newest first. */
            versions: components["schemas"]["Version"][];
        };
        WantedVersion: {
            /** @description One of the earlier versions. */
            version: string;
        };
        Uploads: {
            uploads: components["schemas"]["UnfinishedUpload"][];
        };
        UnfinishedUpload: {
            /** @description It goes on at `/v1/uploads/{id}`. */
            id: string;
            /** @description Where the file will be. */
            path: string;
            /** @description Bytes in all. */
            length: number;
            /** @description Bytes that are durable. */
            offset: number;
            /**
             * Format: date-time
             * @description When what has come is given up.
             */
            expires: string;
            /**
             * Format: date-time
             * @description When the file was changed, where that was said.
             */
            modified?: string;
            /** @description A request brings a part of it just now. */
            under_way: boolean;
        };
        ShareLink: {
            /** @description Of the link. */
            id: string;
            /** @description What it was made for, and where that was then. */
            path: string;
            /**
             * @description What it leads to.
             * @enum {string}
             */
            kind: "file" | "folder";
            /**
             * Format: date-time
             * @description When.
             */
            created: string;
            /**
             * Format: date-time
             * @description When it leads nowhere any more.
             */
            expires: string;
            /** @description Whether it has a password. */
            password: boolean;
            /**
             * @description Where that is now: at this path, moved elsewhere since, or in the trash or gone.
             * @enum {string}
             */
            leads: "here" | "elsewhere" | "nowhere";
            /** @description What it is called now, where it leads elsewhere. */
            name?: string;
        };
        ShareLinks: {
            links: components["schemas"]["ShareLink"][];
        };
        NewShareLink: {
            /** @description Of the link. */
            id: string;
            /** @description What it was made for, and where that was then. */
            path: string;
            /**
             * @description What it leads to.
             * @enum {string}
             */
            kind: "file" | "folder";
            /**
             * Format: date-time
             * @description When.
             */
            created: string;
            /**
             * Format: date-time
             * @description When it leads nowhere any more.
             */
            expires: string;
            /** @description Whether it has a password. */
            password: boolean;
            /**
             * @description Where that is now: at this path, moved elsewhere since, or in the trash or gone.
             * @enum {string}
             */
            leads: "here" | "elsewhere" | "nowhere";
            /** @description Of the link itself: shown this once. */
            token: string;
            /** @description The link. */
            url: string;
        };
        WantedShareLink: {
            /** @description Of a file or a folder. */
            path: string;
            /**
             * @description For how long.
             * @default 30
             */
            expires_in_days: number;
            /** @description That whoever has the link is asked for. */
            password?: string;
        };
        LinkPassword: {
            /** @description The link's. */
            password: string;
        };
        LinkPass: {
            /** @description For the header Link-Pass, for twelve hours; a browser has it as a cookie. */
            pass: string;
        };
        Linked: {
            entry: components["schemas"]["Entry"];
            /**
             * Format: date-time
             * @description When the link leads nowhere any more.
             */
            expires: string;
        };
        Collection: {
            /** @description Its name. */
            name: string;
            /** @description Version. */
            etag: string;
            /**
             * Format: date-time
             * @description When.
             */
            changed: string;
            /** @description JSON Schema, draft 7: references to its own definitions alone, patterns as RE2 has them. */
            schema?: {
                [key: string]: unknown;
            };
            /** @description A deletion has begun and was cut short: ask for it again. */
            deleting?: boolean;
        };
        Collections: {
            collections: components["schemas"]["Collection"][];
            /** @description The cursor of what follows, where more may. */
            next?: string;
        };
        WantedCollection: {
            /** @description JSON Schema, draft 7: references to its own definitions alone, patterns as RE2 has them. */
            schema?: {
                [key: string]: unknown;
            };
        };
        WantedRecord: {
            /** @description At most 128 KiB, 32 deep, kept byte for byte. */
            document: {
                [key: string]: unknown;
            };
            /** @description Whom it is about, by your own name for that person. */
            subject?: string;
            /**
             * Format: date-time
             * @description When it is over by itself, where it is.
             */
            expires?: string;
        };
        Record: {
            /** @description Its name. */
            id: string;
            /** @description Version. */
            etag: string;
            /**
             * Format: date-time
             * @description When.
             */
            changed: string;
            /**
             * Format: date-time
             * @description When it is over by itself, where it is.
             */
            expires?: string;
            /** @description Whom it is about, by your own name for that person. */
            subject?: string;
            /** @description At most 128 KiB, 32 deep, kept byte for byte. */
            document: {
                [key: string]: unknown;
            };
        };
        KeptRecord: {
            /** @description Its name. */
            id: string;
            /** @description Version. */
            etag: string;
            /**
             * Format: date-time
             * @description When.
             */
            changed: string;
            /**
             * Format: date-time
             * @description When it is over by itself, where it is.
             */
            expires?: string;
        };
        Records: {
            records: components["schemas"]["Record"][];
            /** @description The cursor of what follows, where more may. */
            next?: string;
        };
        WantedChange: {
            /** @description Of which collection. */
            collection: string;
            /** @description Of which record; one of ours, where it is new and nothing is said. */
            id?: string;
            /** @description At most 128 KiB, 32 deep, kept byte for byte. */
            document?: {
                [key: string]: unknown;
            };
            /** @description Whom it is about, by your own name for that person. */
            subject?: string;
            /**
             * Format: date-time
             * @description When it is over by itself, where it is.
             */
            expires?: string;
            /**
             * @description Instead of a document: the record goes.
             * @constant
             */
            delete?: true;
            /** @description Only if this version is there; `*`: whatever it is. */
            if_match?: string;
            /**
             * @description Only if nothing is there.
             * @constant
             */
            if_none_match?: "*";
        };
        WantedChanges: {
            changes: components["schemas"]["WantedChange"][];
        };
        ChangedRecord: {
            /** @description Its name. */
            id: string;
            /** @description Version, of one that is kept. */
            etag?: string;
            /**
             * Format: date-time
             * @description When.
             */
            changed?: string;
            /**
             * Format: date-time
             * @description When it is over by itself, where it is.
             */
            expires?: string;
        };
        ChangedRecords: {
            /** @description In the order of the changes. */
            results: components["schemas"]["ChangedRecord"][];
        };
        WantedSubject: {
            /** @description Whom it is about, by your own name for that person. */
            subject: string;
        };
        WantedAbout: {
            /** @description Whom it is about, by your own name for that person. */
            subject: string;
            /** @description Where the last listing ended. */
            cursor?: string;
        };
        RecordAbout: {
            /** @description Of which collection. */
            collection: string;
            /** @description Its name. */
            id: string;
            /** @description Version. */
            etag: string;
            /**
             * Format: date-time
             * @description When.
             */
            changed: string;
            /**
             * Format: date-time
             * @description When it is over by itself, where it is.
             */
            expires?: string;
            /** @description Whom it is about, by your own name for that person. */
            subject?: string;
            /** @description At most 128 KiB, 32 deep, kept byte for byte. */
            document: {
                [key: string]: unknown;
            };
        };
        RecordsAbout: {
            records: components["schemas"]["RecordAbout"][];
            /** @description The cursor of what follows, where more may. */
            next?: string;
        };
        DeletedAbout: {
            /** @description How many. */
            deleted: number;
        };
        RecordProblem: {
            /**
             * @description Where the problem is explained: `/problems/NAME`.
             * @enum {string}
             */
            type: "/problems/invalid" | "/problems/malformed" | "/problems/path" | "/problems/unauthenticated" | "/problems/wrong-credentials" | "/problems/denied" | "/problems/wrong-password" | "/problems/second-factor" | "/problems/wrong-factor" | "/problems/second-step-over" | "/problems/step-up" | "/problems/origin" | "/problems/missing" | "/problems/method" | "/problems/timeout" | "/problems/conflict" | "/problems/other-account" | "/problems/gone" | "/problems/stale" | "/problems/too-large" | "/problems/target" | "/problems/unsupported" | "/problems/range" | "/problems/expectation" | "/problems/host" | "/problems/exhausted" | "/problems/headers" | "/problems/internal" | "/problems/coding" | "/problems/busy" | "/problems/unavailable" | "/problems/version" | "/problems/full";
            /** @description What it is. */
            title: string;
            status: number;
            /** @description What to do. */
            detail: string;
            /** @description Which of the changes is refused. */
            change?: number;
            /** @description Where the document is not as its collection's schema says: a JSON pointer (RFC 6901). */
            at?: string;
            /** @description The keyword of the schema that does not hold there. */
            keyword?: string;
        };
    };
    responses: {
        /** @description A problem (RFC 9457). */
        Problem: {
            headers: {
                /** @description With 401. */
                "WWW-Authenticate"?: string;
                /** @description With 503: after so many seconds. */
                "Retry-After"?: number;
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A problem (RFC 9457): it was tried too often. */
        Wait: {
            headers: {
                /** @description After so many seconds one more try is let through. */
                "Retry-After": number;
                RateLimit: components["headers"]["RateLimited"];
                "RateLimit-Policy": components["headers"]["RateLimitedPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A problem (RFC 9457). */
        TusProblem: {
            headers: {
                /** @description With 401. */
                "WWW-Authenticate"?: string;
                /** @description With 503: after so many seconds. */
                "Retry-After"?: number;
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                /** @description 1.0.0. */
                "Tus-Resumable"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A problem (RFC 9457): another version of tus is needed, or a condition does not hold. */
        TusVersion: {
            headers: {
                /** @description With 401. */
                "WWW-Authenticate"?: string;
                /** @description With 503: after so many seconds. */
                "Retry-After"?: number;
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                /** @description 1.0.0. */
                "Tus-Resumable"?: string;
                /** @description Versions that there are. */
                "Tus-Version"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A problem (RFC 9457): it was tried too often. */
        TusWait: {
            headers: {
                /** @description After so many seconds one more try is let through. */
                "Retry-After": number;
                RateLimit: components["headers"]["RateLimited"];
                "RateLimit-Policy": components["headers"]["RateLimitedPolicy"];
                /** @description 1.0.0. */
                "Tus-Resumable"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A problem (RFC 9457), with what is wrong in a document, and in which change. */
        RecordProblem: {
            headers: {
                /** @description With 401. */
                "WWW-Authenticate"?: string;
                /** @description With 503: after so many seconds. */
                "Retry-After"?: number;
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["RecordProblem"];
            };
        };
    };
    parameters: {
        /** @description Names with slashes between them, percent-encoded UTF-8: 4096 bytes at most. */
        Path: string;
        /** @description One range of bytes (RFC 9110). */
        Range: string;
        /** @description Only if this version is there. */
        IfMatch: string;
        /** @description Only if this version is not there; `*`: only if nothing is. */
        IfNoneMatch: string;
        /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
        Collection: string;
        /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
        Record: string;
        /** @description The account that is meant, for what can have no `Acting-Account`, such as a link: 409 (`other-account`) where the session is in another one. */
        Account: string;
    };
    requestBodies: never;
    headers: {
        /** @description How each quota stands that counts this: `r` tries are left, and all are back in `t` seconds (draft-ietf-httpapi-ratelimit-headers-11). On answers that were let through as well. */
        RateLimit: string;
        /** @description What may be tried how often: each quota by its name, with `q` tries in `w` seconds. */
        RateLimitPolicy: string;
        /** @description How each quota stands that counts this, as in `RateLimit`. */
        RateLimited: string;
        /** @description What may be tried how often, as in `RateLimitPolicy`. */
        RateLimitedPolicy: string;
        /** @description The session, and beside it a cookie by which the device is known again. */
        Session: string;
        /** @description The session's cookie, ended. */
        Ended: string;
        /** @description The version. */
        ETag: string;
        /** @description When it changed last. */
        LastModified: string;
        /** @description Which bytes, and of how many. */
        ContentRange: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    signUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignUp"];
            };
        };
        responses: {
            /** @description A mail is on its way. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimited"];
                    "RateLimit-Policy": components["headers"]["RateLimitedPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Verify"];
            };
        };
        responses: {
            /** @description The account is ready. */
            200: {
                headers: {
                    /** @description The session, and the cookie by which the device is known again, where `log_in` asked for one. */
                    "Set-Cookie"?: string;
                    RateLimit: components["headers"]["RateLimited"];
                    "RateLimit-Policy": components["headers"]["RateLimitedPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verified"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    logIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogIn"];
            };
        };
        responses: {
            /** @description Logged in; the session is in the cookie. */
            200: {
                headers: {
                    "Set-Cookie": components["headers"]["Session"];
                    RateLimit: components["headers"]["RateLimited"];
                    "RateLimit-Policy": components["headers"]["RateLimitedPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            /** @description The password is right; something is left before there is a session. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimited"];
                    "RateLimit-Policy": components["headers"]["RateLimitedPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondStepLeft"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    acceptTerms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Acceptance"];
            };
        };
        responses: {
            /** @description Logged in; the session is in the cookie. */
            200: {
                headers: {
                    "Set-Cookie": components["headers"]["Session"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    declineTerms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HalfWay"];
            };
        };
        responses: {
            /** @description The account is gone. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    logOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session is over. */
            204: {
                headers: {
                    "Set-Cookie": components["headers"]["Ended"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
        };
    };
    readAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is kept about you. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    cancelAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Cancel"];
            };
        };
        responses: {
            /** @description The account is gone. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimited"];
                    "RateLimit-Policy": components["headers"]["RateLimitedPolicy"];
                    "Set-Cookie": components["headers"]["Ended"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    finishLogIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecondStep"];
            };
        };
        responses: {
            /** @description Logged in; the session is in the cookie. */
            200: {
                headers: {
                    "Set-Cookie": components["headers"]["Session"];
                    RateLimit: components["headers"]["RateLimited"];
                    "RateLimit-Policy": components["headers"]["RateLimitedPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    prove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Prove"];
            };
        };
        responses: {
            /** @description For ten minutes, this session may do what needs a proof. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimited"];
                    "RateLimit-Policy": components["headers"]["RateLimitedPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    listFactors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is enrolled. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Factors"];
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    beginAuthenticator: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secret, shown once; a first code within 15 minutes enrols the app. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthenticatorSecret"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
        };
    };
    removeAuthenticator: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is removed, and recovery codes with it where no factor is left. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    confirmAuthenticator: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Confirm"];
            };
        };
        responses: {
            /** @description It is enrolled. Recovery codes, shown once: none where there are some already. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
        };
    };
    renewRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new ones, shown once; the old ones are good for nothing. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    askSecondStepPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HalfWay"];
            };
        };
        responses: {
            /** @description What to ask the browser. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequest"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
        };
    };
    askLogInPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What to ask the browser. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequest"];
                };
            };
            403: components["responses"]["Problem"];
        };
    };
    logInWithPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyLogIn"];
            };
        };
        responses: {
            /** @description Logged in; the session is in the cookie. */
            200: {
                headers: {
                    "Set-Cookie": components["headers"]["Session"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    askProofPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What to ask the browser. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequest"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    askNewPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What to ask the browser. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyCreation"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
        };
    };
    addPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyAdd"];
            };
        };
        responses: {
            /** @description It is enrolled. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyAdded"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
        };
    };
    removePasskey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the list of factors. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It opens nothing any more, and recovery codes neither where no factor is left. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    changeName: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeName"];
            };
        };
        responses: {
            /** @description The name is changed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description The password is changed, and all your other sessions are over. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimited"];
                    "RateLimit-Policy": components["headers"]["RateLimitedPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    askAddress: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeAddress"];
            };
        };
        responses: {
            /** @description A mail is on its way to the new address. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimited"];
                    "RateLimit-Policy": components["headers"]["RateLimitedPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    proveAddress: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Link"];
            };
        };
        responses: {
            /** @description The account has the new address; both addresses are told. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    undoAddress: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Link"];
            };
        };
        responses: {
            /** @description The account has its old address again. All sessions are over, the password opens nothing any more, and a link to set another is on its way to the old address. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    askRecovery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Recovery"];
            };
        };
        responses: {
            /** @description A mail is on its way. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimited"];
                    "RateLimit-Policy": components["headers"]["RateLimitedPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    recover: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Recover"];
            };
        };
        responses: {
            /** @description The password is set, and all sessions are over. Log in with it. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    readFile: {
        parameters: {
            query?: {
                /** @description Where the last listing ended. */
                cursor?: string;
                /** @description How many entries of a folder at most. */
                limit?: number;
                /** @description The account that is meant, for what can have no `Acting-Account`, such as a link: 409 (`other-account`) where the session is in another one. */
                account?: components["parameters"]["Account"];
            };
            header?: {
                /** @description One range of bytes (RFC 9110). */
                Range?: components["parameters"]["Range"];
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only if this version is not there; `*`: only if nothing is. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Names with slashes between them, percent-encoded UTF-8: 4096 bytes at most. */
                path: components["parameters"]["Path"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, with the type that it was sent with, or the folder's entries. */
            200: {
                headers: {
                    /** @description The version, of a file. */
                    ETag?: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    /** @description When it changed last, of a file. */
                    "Last-Modified"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Folder"];
                    "*/*": string;
                };
            };
            /** @description The part that was asked for. */
            206: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["LastModified"];
                    "Content-Range": components["headers"]["ContentRange"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            /** @description A problem (RFC 9457): the file has no such bytes. */
            416: {
                headers: {
                    "Content-Range": components["headers"]["ContentRange"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Wait"];
        };
    };
    writeFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only if this version is not there; `*`: only if nothing is. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Names with slashes between them, percent-encoded UTF-8: 4096 bytes at most. */
                path: components["parameters"]["Path"];
            };
            cookie?: never;
        };
        /** @description The bytes, with their type. */
        requestBody: {
            content: {
                "*/*": string;
            };
        };
        responses: {
            /** @description Replaced. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    /** @description The version, of a file. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            /** @description Kept. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    /** @description The version, of a file. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            /** @description The folder was there already. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
            507: components["responses"]["Problem"];
        };
    };
    removeFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description Names with slashes between them, percent-encoded UTF-8: 4096 bytes at most. */
                path: components["parameters"]["Path"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    statFile: {
        parameters: {
            query?: {
                /** @description The account that is meant, for what can have no `Acting-Account`, such as a link: 409 (`other-account`) where the session is in another one. */
                account?: components["parameters"]["Account"];
            };
            header?: never;
            path: {
                /** @description Names with slashes between them, percent-encoded UTF-8: 4096 bytes at most. */
                path: components["parameters"]["Path"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As for GET, without the bytes. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    /** @description The version, of a file. */
                    ETag?: string;
                    /** @description When it changed last, of a file. */
                    "Last-Modified"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    listCollections: {
        parameters: {
            query?: {
                /** @description Where the last listing ended. */
                cursor?: string;
                /** @description How many at most; 100 where nothing is said. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Collections, in no order that tells anything. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collections"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    readCollection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                collection: components["parameters"]["Collection"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The collection. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    putCollection: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only if this version is not there; `*`: only if nothing is. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                collection: components["parameters"]["Collection"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedCollection"];
            };
        };
        responses: {
            /** @description Changed. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
            507: components["responses"]["Problem"];
        };
    };
    removeCollection: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                collection: components["parameters"]["Collection"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    listRecords: {
        parameters: {
            query?: {
                /** @description Where the last listing ended. */
                cursor?: string;
                /** @description How many at most; 100 where nothing is said. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                collection: components["parameters"]["Collection"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Records, in no order that tells anything: as many as were asked for, or a mebibyte or so of documents. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Records"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    addRecord: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                collection: components["parameters"]["Collection"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedRecord"];
            };
        };
        responses: {
            /** @description Kept, durably. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    ETag: components["headers"]["ETag"];
                    /** @description Where it is. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptRecord"];
                };
            };
            400: components["responses"]["RecordProblem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["RecordProblem"];
            409: components["responses"]["RecordProblem"];
            413: components["responses"]["RecordProblem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
            507: components["responses"]["Problem"];
        };
    };
    readRecord: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only if this version is not there; `*`: only if nothing is. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                collection: components["parameters"]["Collection"];
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                record: components["parameters"]["Record"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Record"];
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    putRecord: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only if this version is not there; `*`: only if nothing is. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                collection: components["parameters"]["Collection"];
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                record: components["parameters"]["Record"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedRecord"];
            };
        };
        responses: {
            /** @description Replaced, durably. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptRecord"];
                };
            };
            /** @description Kept, durably. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    ETag: components["headers"]["ETag"];
                    /** @description Where it is. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptRecord"];
                };
            };
            400: components["responses"]["RecordProblem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["RecordProblem"];
            409: components["responses"]["RecordProblem"];
            412: components["responses"]["RecordProblem"];
            413: components["responses"]["RecordProblem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
            507: components["responses"]["Problem"];
        };
    };
    removeRecord: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                collection: components["parameters"]["Collection"];
                /** @description A name: 1 to 200 bytes of percent-encoded UTF-8, without slashes. */
                record: components["parameters"]["Record"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    changeRecords: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedChanges"];
            };
        };
        responses: {
            /** @description All made, durably and in their order. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedRecords"];
                };
            };
            400: components["responses"]["RecordProblem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["RecordProblem"];
            409: components["responses"]["RecordProblem"];
            412: components["responses"]["RecordProblem"];
            413: components["responses"]["RecordProblem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
            507: components["responses"]["Problem"];
        };
    };
    findRecordsAbout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedAbout"];
            };
        };
        responses: {
            /** @description Records, in no order that tells anything. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordsAbout"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    removeRecordsAbout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedSubject"];
            };
        };
        responses: {
            /** @description All deleted. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedAbout"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    readDescription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    readNotice: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The notice in force. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    readGpc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Since when. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Whether it is.
                         * @constant
                         */
                        gpc: true;
                        /**
                         * Format: date
                         * @description The day.
                         */
                        lastUpdate: string;
                    };
                };
            };
        };
    };
    readSecurityContact: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The contact. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    findPasswordPage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            303: {
                headers: {
                    /** @description Its path. */
                    Location: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readProblem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The last part of a problem's `type`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            404: components["responses"]["Problem"];
        };
    };
    readCheckpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A C2SP signed note. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    readLogKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A C2SP verifier key. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    readLogKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Handovers, oldest first, each a C2SP signed note by both keys; empty where the key was never rotated. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    readTile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `LEVEL/INDEX`, `entries/INDEX`, either with `.p/WIDTH`. */
                tile: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tile. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            404: components["responses"]["Problem"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            503: components["responses"]["Problem"];
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sessions that live, by last use, the newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    endOtherSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They have ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ended"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id, as the list has it. */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that live, the newest first, without what opens. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    makeToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedToken"];
            };
        };
        responses: {
            /** @description Made. The token is shown this once. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimited"];
                    "RateLimit-Policy": components["headers"]["RateLimitedPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id, as the list has it. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It opens nothing any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    revokeOwnToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It opens nothing any more. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    listMembers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By role, the owner first. Addresses for those who administer the account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Members"];
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    leaveAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountNamed"];
            };
        };
        responses: {
            /** @description You belonged to no other account: what was kept about you is erased, and this is the receipt. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            /** @description You belong to it no more. The session has ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
        };
    };
    changeRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that the list has. */
                member: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedRole"];
            };
        };
        responses: {
            /** @description It holds from the next request on. She is told by mail. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
        };
    };
    removeMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that the list has. */
                member: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Her sessions and tokens in it are over. She is told by mail; if she belonged to no other account, what was kept about her is erased. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
        };
    };
    offerAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedOwner"];
            };
        };
        responses: {
            /** @description A mail is on its way to this member. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
        };
    };
    takeBackOffer: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing waits any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    acceptAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description You own it from now on; its former owner administers it. Both are told by mail. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    listMemberships: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The one that you chose last first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accounts"];
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    switchAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountNamed"];
            };
        };
        responses: {
            /** @description The session is in it from now on, and so is your next login. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Switched"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
        };
    };
    listInvitations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitations"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
        };
    };
    invite: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedInvitation"];
            };
        };
        responses: {
            /** @description A mail is on its way, whether or not the address is known. */
            202: {
                headers: {
                    RateLimit: components["headers"]["RateLimited"];
                    "RateLimit-Policy": components["headers"]["RateLimitedPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invited"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    withdrawInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id, as the list has it. */
                invitation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its link leads nowhere any more, and what it held is erased. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    lookAtInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Link"];
            };
        };
        responses: {
            /** @description What the link that was mailed to you is about. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationFollowed"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    declineInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Link"];
            };
        };
        responses: {
            /** @description It is erased, with the address that it held. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    acceptInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Link"];
            };
        };
        responses: {
            /** @description You belong to the account. The session stays where it is: see `/v1/account/switch`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Switched"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    signUpByInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignUpByInvitation"];
            };
        };
        responses: {
            /** @description You belong to the account. Log in next. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Switched"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    copyEntry: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Transfer"];
            };
        };
        responses: {
            /** @description Done; a file that was there is replaced, or it was there already. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            /** @description Done. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
            503: components["responses"]["Problem"];
            507: components["responses"]["Problem"];
        };
    };
    moveEntry: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Transfer"];
            };
        };
        responses: {
            /** @description Done; a file that was there is replaced, or it was there already. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            /** @description Done. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
            507: components["responses"]["Problem"];
        };
    };
    readUsage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Trash, earlier versions and records count, and each entry for itself. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Used"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    listTrash: {
        parameters: {
            query?: {
                /** @description Where the last listing ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In no order that tells anything. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trash"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    emptyTrash: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of it is gone for good. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
            503: components["responses"]["Problem"];
        };
    };
    purge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of what is in the trash. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone for good. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
            503: components["responses"]["Problem"];
        };
    };
    restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of what is in the trash. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Restore"];
            };
        };
        responses: {
            /** @description It is at its path. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
            503: components["responses"]["Problem"];
            507: components["responses"]["Problem"];
        };
    };
    readVersion: {
        parameters: {
            query?: {
                /** @description One of them; all, without. */
                version?: string;
                /** @description The account that is meant, for what can have no `Acting-Account`, such as a link: 409 (`other-account`) where the session is in another one. */
                account?: components["parameters"]["Account"];
            };
            header?: {
                /** @description One range of bytes (RFC 9110). */
                Range?: components["parameters"]["Range"];
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only if this version is not there; `*`: only if nothing is. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Names with slashes between them, percent-encoded UTF-8: 4096 bytes at most. */
                path: components["parameters"]["Path"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The earlier versions, or the one that is asked for. */
            200: {
                headers: {
                    /** @description The version, of a file. */
                    ETag?: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    /** @description When it changed last, of a file. */
                    "Last-Modified"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Versions"];
                    "*/*": string;
                };
            };
            /** @description The part of it that was asked for. */
            206: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["LastModified"];
                    "Content-Range": components["headers"]["ContentRange"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            /** @description A problem (RFC 9457): the file has no such bytes. */
            416: {
                headers: {
                    "Content-Range": components["headers"]["ContentRange"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Wait"];
        };
    };
    bringBack: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description Names with slashes between them, percent-encoded UTF-8: 4096 bytes at most. */
                path: components["parameters"]["Path"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedVersion"];
            };
        };
        responses: {
            /** @description What the file was is an earlier version now. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    removeVersion: {
        parameters: {
            query: {
                /** @description Which. */
                version: string;
            };
            header?: never;
            path: {
                /** @description Names with slashes between them, percent-encoded UTF-8: 4096 bytes at most. */
                path: components["parameters"]["Path"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone for good. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    listUploads: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In no order that tells anything. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Uploads"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    createUpload: {
        parameters: {
            query?: never;
            header: {
                /** @description The version of the protocol that the client speaks. */
                "Tus-Resumable": "1.0.0";
                /** @description Bytes that the file has in all. */
                "Upload-Length": number;
                /** @description `path`, `filetype`, and `modified` (RFC 3339, when the file was changed), each with its value in base64. */
                "Upload-Metadata": string;
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only if this version is not there; `*`: only if nothing is. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Parts go to its Location. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    /** @description Where its parts go. */
                    Location?: string;
                    /** @description When what has come is given up. */
                    "Upload-Expires"?: string;
                    /** @description 1.0.0. */
                    "Tus-Resumable"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["TusProblem"];
            401: components["responses"]["TusProblem"];
            403: components["responses"]["TusProblem"];
            409: components["responses"]["TusProblem"];
            412: components["responses"]["TusVersion"];
            429: components["responses"]["TusWait"];
            507: components["responses"]["TusProblem"];
        };
    };
    tusOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Core, creation, expiration and termination. */
            204: {
                headers: {
                    /** @description 1.0.0. */
                    "Tus-Resumable"?: string;
                    /** @description Versions that there are. */
                    "Tus-Version"?: string;
                    /** @description Extensions that there are. */
                    "Tus-Extension"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    endUpload: {
        parameters: {
            query?: never;
            header: {
                /** @description The version of the protocol that the client speaks. */
                "Tus-Resumable": "1.0.0";
            };
            path: {
                /** @description Of the upload. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What has come of it is gone. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    /** @description 1.0.0. */
                    "Tus-Resumable"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["TusProblem"];
            403: components["responses"]["TusProblem"];
            404: components["responses"]["TusProblem"];
            412: components["responses"]["TusVersion"];
            429: components["responses"]["TusWait"];
        };
    };
    lookAtUpload: {
        parameters: {
            query?: never;
            header: {
                /** @description The version of the protocol that the client speaks. */
                "Tus-Resumable": "1.0.0";
            };
            path: {
                /** @description Of the upload. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description So much is durable. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    /** @description Bytes that have come. */
                    "Upload-Offset"?: number;
                    /** @description Bytes in all. */
                    "Upload-Length"?: number;
                    /** @description When what has come is given up. */
                    "Upload-Expires"?: string;
                    /** @description 1.0.0. */
                    "Tus-Resumable"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["TusProblem"];
            403: components["responses"]["TusProblem"];
            404: components["responses"]["TusProblem"];
            409: components["responses"]["TusProblem"];
            412: components["responses"]["TusVersion"];
            429: components["responses"]["TusWait"];
        };
    };
    appendToUpload: {
        parameters: {
            query?: never;
            header: {
                /** @description The version of the protocol that the client speaks. */
                "Tus-Resumable": "1.0.0";
                /** @description At which byte the part begins: where HEAD says that it stands. */
                "Upload-Offset": number;
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only if this version is not there; `*`: only if nothing is. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Of the upload. */
                id: string;
            };
            cookie?: never;
        };
        /** @description The bytes. */
        requestBody: {
            content: {
                "application/offset+octet-stream": string;
            };
        };
        responses: {
            /** @description It is durable. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    /** @description Bytes that have come. */
                    "Upload-Offset"?: number;
                    /** @description When what has come is given up. */
                    "Upload-Expires"?: string;
                    /** @description 1.0.0. */
                    "Tus-Resumable"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["TusProblem"];
            401: components["responses"]["TusProblem"];
            403: components["responses"]["TusProblem"];
            404: components["responses"]["TusProblem"];
            409: components["responses"]["TusProblem"];
            412: components["responses"]["TusVersion"];
            413: components["responses"]["TusProblem"];
            415: components["responses"]["TusProblem"];
            423: components["responses"]["TusProblem"];
            429: components["responses"]["TusWait"];
            507: components["responses"]["TusProblem"];
        };
    };
    listShareLinks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In no order that tells anything. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShareLinks"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    share: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedShareLink"];
            };
        };
        responses: {
            /** @description The link is shown this once. */
            201: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewShareLink"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    revokeShareLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the link. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It leads nowhere any more. */
            204: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
        };
    };
    lookAtLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description What opening a link with a password gave. */
                "Link-Pass"?: string;
            };
            path: {
                /** @description Of the link. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is there. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Linked"];
                };
            };
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
            503: components["responses"]["Problem"];
        };
    };
    openLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the link. */
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkPassword"];
            };
        };
        responses: {
            /** @description It opens the link for twelve hours. */
            200: {
                headers: {
                    /** @description The same, for a browser. */
                    "Set-Cookie"?: string;
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkPass"];
                };
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            429: components["responses"]["Wait"];
            503: components["responses"]["Problem"];
        };
    };
    readLinked: {
        parameters: {
            query?: {
                /** @description Where the last listing ended. */
                cursor?: string;
                /** @description How many entries of a folder at most. */
                limit?: number;
            };
            header?: {
                /** @description One range of bytes (RFC 9110). */
                Range?: components["parameters"]["Range"];
                /** @description Only if this version is there. */
                "If-Match"?: components["parameters"]["IfMatch"];
                /** @description Only if this version is not there; `*`: only if nothing is. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description What opening a link with a password gave. */
                "Link-Pass"?: string;
            };
            path: {
                /** @description Of the link. */
                token: string;
                /** @description Names with slashes between them, percent-encoded UTF-8: 4096 bytes at most. */
                path: components["parameters"]["Path"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, with the type that it was sent with, or the folder's entries. */
            200: {
                headers: {
                    /** @description The version, of a file. */
                    ETag?: string;
                    /** @description When it changed last, of a file. */
                    "Last-Modified"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Folder"];
                    "*/*": string;
                };
            };
            /** @description The part that was asked for. */
            206: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Last-Modified": components["headers"]["LastModified"];
                    "Content-Range": components["headers"]["ContentRange"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            /** @description A problem (RFC 9457): the file has no such bytes. */
            416: {
                headers: {
                    "Content-Range": components["headers"]["ContentRange"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Wait"];
            503: components["responses"]["Problem"];
        };
    };
}
